package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"why502/report"
)

// stale is after how long without a tick the loop that follows is held to be stuck.
const stale = 30 * time.Second

// serve answers on address, which is on loopback unless it names another host. There is nothing that could be written.
func serve(address string, g *gauges) (*http.Server, error) {
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	if strings.HasPrefix(address, ":") {
		address = "127.0.0.1" + address
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &http.Server{
		Handler: handler(g, onLoopback(l)), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	go func() { _ = s.Serve(l) }() // ends with Shutdown
	return s, nil
}

func onLoopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

var errNoReport = errors.New("no report yet")

// handler serves the metrics, the health and the report. On loopback only those who ask for an address or localhost are
// answered: else a page that an admin visits could bind its own name to 127.0.0.1 and read the report through the browser.
func handler(g *gauges, loopback bool) http.Handler {
	mux := http.NewServeMux()
	page := func(pattern, kind string, write func(io.Writer) error) {
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, _ *http.Request) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(b.Bytes())
		})
	}
	page("/metrics", "text/plain; version=0.0.4; charset=utf-8", g.write)
	draw := func(format string) func(io.Writer) error {
		return func(w io.Writer) error {
			g.mu.Lock()
			r := g.report
			g.mu.Unlock()
			if r == nil {
				return errNoReport
			}
			return report.Lookup(format).Render(w, r, report.Options{})
		}
	}
	page("/report.json", "application/json", draw("json"))
	page("/report.html", "text/html; charset=utf-8", draw("html"))
	page("/{$}", "text/html; charset=utf-8", draw("html"))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		g.mu.Lock()
		silent := time.Since(g.ticked)
		g.mu.Unlock()
		if silent > stale {
			http.Error(w, "stuck: nothing was looked at for "+silent.Round(time.Second).String(), http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if loopback && !namesAddress(r.Host) {
			http.Error(w, "ask for this host by its address", http.StatusMisdirectedRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func namesAddress(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}
