package input

import (
	"bytes"
	"os"
)

// tailBytes is how much of a file's end Tail looks at.
const tailBytes = 32 << 10

// Tail returns the last lines of a plain file, nil of a packed one or a stream: of those the end is not known before all
// is read. Of archives they were kept when they were listed, if there was room.
func (f *File) Tail() ([][]byte, error) {
	if f.stream || f.member != nil || f.path == "" {
		return f.tail, nil
	}
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	kind := r.kind
	r.close()
	if kind != plain {
		return nil, nil
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, pathError(f.name, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, pathError(f.name, err)
	}
	from := max(0, info.Size()-tailBytes)
	text := make([]byte, info.Size()-from)
	n, err := file.ReadAt(text, from)
	if n < len(text) && err != nil {
		return nil, pathError(f.name, err)
	}
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if from > 0 {
		lines = lines[1:] // begins within a line
	}
	return lines, nil
}
