package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"why502/parser/input"
	"why502/report"
)

// The state of the daily report is a folder:
//
//	lock                        held by the run that is under way
//	state.json                  which run was the last, how far logs were consumed, and what the files of that run must hold
//	run-12/timeline             what is kept of the logs to tell what goes on from what is new (correlate.Encode)
//	run-12/incidents.json       incidents that may still change
//	run-12/facts                the days (history.Encode)
//	final/12.json               incidents that cannot change any more since run 12
//	reports/2026-11-22-12.json  the report of run 12, for why502 render
//
// A run writes its own files first and then renames the new state.json over the old one: before that nothing has happened, and the
// next run does the same again; after it all has.
const (
	stateName    = "state.json"
	lockName     = "lock"
	finalFolder  = "final"
	reportFolder = "reports"
	stateKind    = "daily"
	stateVersion = 1
)

// dailyState is what state.json holds.
type dailyState struct {
	Run     int       `json:"run"`
	Saved   time.Time `json:"saved"`
	Tool    string    `json:"tool"`
	Host    string    `json:"host,omitempty"`
	Machine string    `json:"machine,omitempty"` // its id

	Since   time.Time            `json:"since,omitzero"`    // what was logged before is not wanted
	Written time.Time            `json:"written,omitzero"`  // nor are logs written to last before
	Read    time.Time            `json:"read,omitzero"`     // when the last run looked at the logs
	Final   time.Time            `json:"final,omitzero"`    // incidents that ended before cannot change any more
	Offsets map[string]time.Time `json:"offsets,omitempty"` // of the server's zone, as access logs stated them, and when
	Ledger  input.Ledger         `json:"ledger"`
	Days    string               `json:"days"`            // the zone of the facts
	Whole   int                  `json:"whole,omitempty"` // files of earlier runs in final hold nothing that counts
	Parts   map[string]part      `json:"parts"`           // of the run's folder
}

// part is what a file must hold.
type part struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// stateFile is the form of state.json.
type stateFile struct {
	Kind    string          `json:"why502"`
	Version int             `json:"version"`
	SHA256  string          `json:"sha256"` // of state
	State   json.RawMessage `json:"state"`
}

// errOtherVersion says that the state is of a program that stores it otherwise.
var errOtherVersion = errors.New("was made by another version")

func decodeState(text []byte) (*dailyState, error) {
	var f stateFile
	if err := json.Unmarshal(text, &f); err != nil || f.Kind != stateKind {
		return nil, errors.New("is damaged")
	}
	if f.Version != stateVersion {
		return nil, errOtherVersion
	}
	if sum(f.State) != f.SHA256 { // somebody may have laid it out to read it
		var compact bytes.Buffer
		if err := json.Compact(&compact, f.State); err != nil || sum(compact.Bytes()) != f.SHA256 {
			return nil, errors.New("is damaged")
		}
	}
	s := &dailyState{}
	if err := json.Unmarshal(f.State, s); err != nil || s.Run < 1 || s.Ledger.Check() != nil {
		return nil, errors.New("is damaged")
	}
	return s, nil
}

func (s *dailyState) encode() ([]byte, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	frame, err := json.Marshal(stateFile{stateKind, stateVersion, sum(body), json.RawMessage("0")})
	if err != nil {
		return nil, err
	}
	text := append(make([]byte, 0, len(frame)+len(body)), bytes.TrimSuffix(frame, []byte("0}"))...) // it may be large: no copy more
	return append(append(text, body...), "}\n"...), nil
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// store is the folder of the state.
type store struct {
	dir  string
	lock *os.File
}

// errRunning says that another run has the lock.
var errRunning = errors.New("another run is under way")

func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, stateError(dir, err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, stateError(dir, err)
	}
	if held, err := lockFile(lock); err != nil {
		_ = lock.Close()
		if held {
			return nil, errRunning
		}
		return nil, stateError(dir, err)
	}
	return &store{dir, lock}, nil
}

func stateError(dir string, err error) error {
	var path *fs.PathError
	why := err.Error()
	switch {
	case errors.Is(err, fs.ErrPermission):
		why = "no permission to write there; run as root, or give a folder of your own with --state"
	case errors.As(err, &path):
		why = path.Err.Error() + "; give a folder with --state"
	}
	return usage("--state %s: %s", dir, why)
}

func (s *store) close() { _ = s.lock.Close() }

func (s *store) path(names ...string) string {
	return filepath.Join(append([]string{s.dir}, names...)...)
}

func runFolder(n int) string { return fmt.Sprintf("run-%d", n) }

// load reads the state; nil without an error if there is none yet.
func (s *store) load() (*dailyState, error) {
	text, err := os.ReadFile(s.path(stateName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeState(text)
}

// part reads a file of the state's run, whole and unchanged.
func (s *store) part(st *dailyState, name string) ([]byte, error) {
	want, ok := st.Parts[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	text, err := os.ReadFile(s.path(runFolder(st.Run), name))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) != want.Size || sum(text) != want.SHA256 {
		return nil, errors.New("is damaged")
	}
	return text, nil
}

// incidents reads a list of them.
func decodeIncidents(text []byte) (list []report.Incident, err error) {
	err = json.Unmarshal(text, &list)
	return list, err
}

// Tests fail between the steps of writing a state, and need no disk that keeps what it has got.
var (
	step  = func(string) error { return nil }
	flush = (*os.File).Sync
)

// write puts a file in its place, whole, and on the disk.
func (s *store) write(fill func(io.Writer) error, names ...string) (part, error) {
	name := s.path(names...)
	if err := step("before " + filepath.Join(names...)); err != nil {
		return part{}, err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return part{}, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return part{}, err
	}
	defer os.Remove(f.Name()) // gone already if all went well
	h := &hashed{w: f, h: sha256.New()}
	err = fill(h)
	if err == nil {
		err = f.Chmod(0o640)
	}
	if err == nil {
		err = flush(f)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = step("within " + filepath.Join(names...))
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return part{}, err
	}
	syncFolder(filepath.Dir(name))
	return part{h.n, hex.EncodeToString(h.h.Sum(nil))}, step("after " + filepath.Join(names...))
}

// spool puts what fill writes aside for this run, in a file that nobody else sees, to be read again from its beginning.
func (s *store) spool(fill func(io.Writer) error) (*os.File, error) {
	f, err := os.CreateTemp(s.dir, "."+stateName+".*") // swept if it is left behind
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name())
	if err = fill(f); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = flush(d) // not every file system can
		_ = d.Close()
	}
}

// hashed sums up what is written through it.
type hashed struct {
	w io.Writer
	h interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

func (h *hashed) Write(p []byte) (int, error) {
	n, err := h.w.Write(p)
	_, _ = h.h.Write(p[:n]) // never fails
	h.n += int64(n)
	return n, err
}

// sweep removes what is not needed when a run has come to its end: files of other runs, and what is older than the days that are kept.
func (s *store) sweep(st *dailyState, oldest time.Time) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		if n := runNumber(e.Name()); n > 0 && n != st.Run {
			_ = os.RemoveAll(s.path(e.Name()))
		} else if strings.HasPrefix(e.Name(), "."+stateName) {
			_ = os.Remove(s.path(e.Name()))
		}
	}
	for _, of := range []struct {
		folder string
		number func(string) int
		first  int
	}{{finalFolder, finalNumber, st.Whole}, {reportFolder, reportNumber, 0}} {
		entries, _ := os.ReadDir(s.path(of.folder))
		for _, e := range entries {
			n := of.number(e.Name())
			if info, err := e.Info(); err == nil && (n < of.first || n > st.Run || info.ModTime().Before(oldest)) {
				_ = os.Remove(s.path(of.folder, e.Name()))
			}
		}
	}
}

func runNumber(name string) (n int) {
	if _, err := fmt.Sscanf(name, "run-%d", &n); err != nil || name != runFolder(n) {
		return 0
	}
	return n
}

func finalNumber(name string) (n int) {
	_, _ = fmt.Sscanf(name, "%d.json", &n)
	return n
}

func reportNumber(name string) (n int) {
	_, _ = fmt.Sscanf(name[strings.LastIndexByte(name, '-')+1:], "%d.json", &n)
	return n
}
