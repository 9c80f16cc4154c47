package classifier

import (
	"os"
	"strings"
	"testing"
)

// harmful.log holds every message of nginx, PHP-FPM and Apache that costs a visitor a 5xx, as the daemons
// write it, once for every errno and phase that makes a difference.
func TestHarmfulMessagesAreTagged(t *testing.T) {
	text, err := os.ReadFile("testdata/harmful.log")
	if err != nil {
		t.Fatal(err)
	}
	rs := Load()
	lines := 0
	for line := range strings.Lines(string(text)) {
		lines++
		line = strings.TrimSuffix(line, "\n")
		records := 0
		for rec := range sampleRecords(line, nil) {
			records++
			tags := tagsOf(rs.Classify(nil, rec))
			if len(tags) == 0 {
				t.Errorf("no tag (%s): %s", rec.Format, line)
			}
			harms := 0
			for _, tag := range tags {
				if r := rs.Find(tag); r.Harm != "" && !r.Presumed {
					harms++
				}
			}
			if harms > 1 {
				t.Errorf("counts as %d failures %v: %s", harms, tags, line)
			}
		}
		if records != 1 {
			t.Errorf("%d records: %s", records, line)
		}
	}
	if lines < 500 {
		t.Errorf("only %d lines", lines)
	}
}
