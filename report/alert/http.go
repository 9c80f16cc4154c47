package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// client follows no redirect: it would carry the message to a place nobody named.
var client = &http.Client{
	Timeout:       15 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// permanent is an error that another try will not mend.
type permanent struct{ error }

// busy says when to try again.
type busy struct {
	error
	after time.Duration
}

// newService makes the targets of a web hook, whose body payload makes of a message.
func newService(payload func(*Message) any) func(string) (*Target, error) {
	return func(address string) (*Target, error) {
		u, err := hook(address)
		if err != nil {
			return nil, err
		}
		return &Target{Name: u.Scheme + "://" + u.Host, send: func(ctx context.Context, m *Message) error {
			return post(ctx, address, payload(m))
		}}, nil
	}
}

// hook checks an address and keeps it out of what it says about it.
func hook(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("not an address like https://host/path")
	}
	return u, nil
}

func post(ctx context.Context, address string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return permanent{err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return permanent{errors.New("not an address that can be posted to")}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "why502")
	resp, err := client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its text holds the address, which may be a secret
			err = u.Err
		}
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // lets the connection be used again
	return answer(resp)
}

// answer says what a response means for the message.
func answer(resp *http.Response) error {
	err := fmt.Errorf("it answered %s", resp.Status)
	switch {
	case resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return busy{err, time.Duration(min(max(seconds, 0), 600)) * time.Second}
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusRequestTimeout:
		return err
	}
	return permanent{err}
}
