package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// flood writes logs as nobody has them but those who are attacked: they are made to take memory.
type flood struct {
	*logGen
	i int // lines written
}

// genFlood writes so many lines, or entries, as line does, with a time between them.
func genFlood(w io.Writer, lines int, every time.Duration, line func(*flood)) error {
	f := &flood{logGen: newGen(w, 1)}
	for ; f.i < lines; f.i++ {
		line(f)
		f.now = f.now.Add(every)
	}
	return f.w.Flush()
}

// address is one of so many.
func (f *flood) address(of int) string {
	n := f.i % of
	return fmt.Sprintf("11.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

func (f *flood) failure(client, site, page, upstream string) {
	f.printf("%s [error] 7#7: *%d upstream timed out (110: Connection timed out) while reading response header from upstream, client: %s, server: %s, "+
		"request: \"GET %s HTTP/1.1\", upstream: \"fastcgi://unix:%s\", host: \"%[4]s\"\n", f.now.Format("2006/01/02 15:04:05"), f.i, client, site, page, upstream)
}

// strangers are lines with four names each that no other has.
func (f *flood) strangers() {
	f.failure(f.address(1<<24), fmt.Sprintf("name%x.example", f.i), fmt.Sprintf("/name%x/", f.i), fmt.Sprintf("/run/name%x.sock", f.i))
}

// broken is a site that fails all the time.
func (f *flood) broken(site string) {
	f.failure(f.address(250), site, fmt.Sprintf("/p%d/", f.IntN(50)), "/run/php/"+site+".sock")
}

// long makes a name take more room.
var long = strings.Repeat("y", 20)

// The four logs of a server whose names are nearly as many as are told apart of each kind.
func (f *flood) fullErrors() {
	f.failure(f.address(30_000), fmt.Sprintf("n%x%s.example", f.i%4000, long), fmt.Sprintf("/n%x%s/", f.i%7000, long+long), fmt.Sprintf("/run/n%x%s.sock", f.i%3000, long))
}

func (f *flood) fullAccess() {
	status := 200
	if f.i%97 == 0 {
		status = 502
	}
	f.printf("n%x%s.example %s - - [%s] \"GET /m%x%s/ HTTP/1.1\" %d 552 \"-\" \"x\" 0.1\n",
		f.i%4000, long, f.address(30_000), f.now.Format("02/Jan/2006:15:04:05 -0700"), f.i%20_000, long+long, status)
}

func (f *flood) fullSlow() {
	f.printf("\n[%s]  [pool p%x] pid %d\nscript_filename = /srv/n%x%s/index.php\n", f.now.Format("02-Jan-2006 15:04:05"), f.i%3500, f.i, f.i%3000, long)
	f.printf("[0x00007f1c2a013f80] f%x%s() /srv/wp-content/plugins/n%[1]x%[2]s/a.php:%[3]d\n", f.i%7000, long, f.i%8000)
	f.printf("[0x00007f1c2a013f80] g%x() /srv/vendor/n%x%s/m/b.php:3\n", f.i%7, f.i%3000, long)
}

func (f *flood) fullFPM() {
	f.printf("[%s] WARNING: [pool p%x] child %d, script '/home/a%x/n%x/index.php' (request: \"GET /n%x%s/ \") executing too slow (5.1 sec), logging\n",
		f.now.Format("02-Jan-2006 15:04:05"), f.i%3500, f.i, f.i%500, f.i%3000, f.i%7000, long)
}
