package main

import (
	"path/filepath"
	"testing"
)

// The pace of an incident holds each of its failures once, in the time it went on.
func TestPace(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		r := analyzed(t, readTruth(t, dir), filepath.Join(dir, "logs"))
		for i := range r.Incidents {
			in := &r.Incidents[i]
			if in.Pace == nil {
				if len(in.Failures) > 0 {
					t.Errorf("%s: no pace", in.ID)
				}
				continue
			}
			sum := map[string]int{}
			for _, s := range in.Pace.Steps {
				for k, n := range s.Failures {
					sum[k] += n
				}
				if s.Time.After(in.End) {
					t.Errorf("%s: failures at %s, after its end", in.ID, s.Time)
				}
			}
			for k, n := range in.Failures {
				if sum[k] != n {
					t.Errorf("%s: %d × %s in its pace, %d in all", in.ID, sum[k], k, n)
				}
			}
		}
	})
}
