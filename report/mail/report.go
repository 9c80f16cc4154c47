package mail

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"time"

	"why502/report"
)

// packFrom is the size of an attachment from which on it is packed with gzip.
const packFrom = 512 << 10

// types are the media types of the formats that can be attached.
var types = map[string]string{"html": "text/html", "json": "application/json", "md": "text/markdown", "text": "text/plain"}

// Options says how a report is mailed.
type Options struct {
	Host    string // it is about
	Zone    *time.Location
	Formats []string // of the attachments
}

// Report makes a mail of a report: the verdict as subject, the facts as text and HTML, the whole attached. Mails on one host and
// day are one thread.
func Report(r *report.Report, o Options) (*Message, error) {
	shown := report.Options{Zone: o.Zone, Width: 100, Verbose: true}
	l, err := report.NewLetter(r, o.Host, shown)
	if err != nil {
		return nil, err
	}
	day := r.Day(o.Zone)
	name := plain(o.Host, "host")
	name = name[:min(len(name), 60)] + "-" + day
	m := &Message{
		Subject: l.Subject, Text: l.Text, HTML: l.HTML, Date: r.Generated, Host: o.Host, Thread: name, Mailer: r.Tool.Name + " " + r.Tool.Version,
	}
	for _, f := range o.Formats {
		format := report.Lookup(f)
		if format == nil {
			return nil, fmt.Errorf("%q is no format", f)
		}
		var b bytes.Buffer
		if err := format.Render(&b, r, shown); err != nil {
			return nil, err
		}
		file := File{Name: "why502-" + name + format.Suffixes[0], Type: types[f], Data: b.Bytes()}
		if b.Len() > packFrom {
			if err := file.pack(); err != nil {
				return nil, err
			}
		}
		m.Files = append(m.Files, file)
	}
	return m, nil
}

// pack packs an attachment.
func (f *File) pack() error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(f.Data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	f.Name, f.Type, f.Data = f.Name+".gz", "application/gzip", b.Bytes()
	return nil
}
