package alert

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"why502/report"
)

// Limits of what a target is told: a burst at once, then one message in a while. What waits is folded by incident, so that a
// target that is slow, limited or away gets the newest state of each and not its history.
const (
	burst    = 10
	refill   = time.Minute
	tries    = 8 // with the waits between them about four minutes
	firstTry = time.Second
	longest  = time.Minute
	most     = 100 // incidents that wait
)

// Notifier tells targets what changed. It never makes its caller wait.
type Notifier struct {
	Host string
	Fail func(target string, err error) // called when a message is given up; may be called from several goroutines

	wg     sync.WaitGroup
	inbox  []*inbox
	cancel context.CancelFunc
	told   map[string]bool // incidents that were opened
}

// inbox is what waits for one target.
type inbox struct {
	*Target
	mu      sync.Mutex
	waiting []*Message
	folded  int
	closing bool
	bell    chan struct{}
}

// Start begins to tell the targets.
func (n *Notifier) Start(targets []*Target) {
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel, n.told = cancel, map[string]bool{}
	for _, t := range targets {
		in := &inbox{Target: t, bell: make(chan struct{}, 1)}
		n.inbox = append(n.inbox, in)
		n.wg.Go(func() { n.serve(ctx, in) })
	}
}

// Tell passes a change on, if it is one to call people for: an incident opened, has another cause, is over. One of a failure or
// two is told of once it becomes more.
func (n *Notifier) Tell(c *report.Change) {
	id, change := c.Incident.ID, *c
	switch {
	case !n.told[id] && (c.Incident.Isolated || c.Kind == report.Closed || c.Kind == report.Withdrawn):
		return
	case !n.told[id]:
		change.Kind, change.Text = report.Opened, c.Incident.Headline
		n.told[id] = true
	case c.Kind == report.Grew:
		return
	case c.Kind == report.Closed || c.Kind == report.Withdrawn:
		delete(n.told, id)
	}
	for _, in := range n.inbox {
		own := change
		in.put(&Message{Change: &own, Host: n.Host})
	}
}

// Close ends telling when all is told, or when ctx does.
func (n *Notifier) Close(ctx context.Context) error {
	for _, in := range n.inbox {
		in.mu.Lock()
		in.closing = true
		in.mu.Unlock()
		in.ring()
	}
	done := make(chan struct{})
	go func() { n.wg.Wait(); close(done) }()
	defer n.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		n.cancel()
		<-done
		return errors.New("some alerts could not be delivered before the end")
	}
}

func (in *inbox) ring() {
	select {
	case in.bell <- struct{}{}:
	default:
	}
}

// put adds a message; of an incident that already waits it becomes the newest state.
func (in *inbox) put(m *Message) {
	defer in.ring()
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, w := range in.waiting {
		if w.Incident.ID != m.Incident.ID {
			continue
		}
		in.folded++
		if w.Kind == report.Opened && m.Kind == report.CauseChanged { // nobody knows yet what it looked like before
			m.Kind, m.Text = report.Opened, m.Incident.Headline
		}
		w.Change = m.Change
		return
	}
	if in.waiting = append(in.waiting, m); len(in.waiting) > most {
		in.waiting = in.waiting[1:]
		in.folded++
	}
}

// take returns the message that waited longest; last says that none will follow.
func (in *inbox) take() (m *Message, last bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.waiting) == 0 {
		return nil, in.closing
	}
	m = in.waiting[0]
	in.waiting = in.waiting[1:]
	m.Folded, in.folded = in.folded, 0
	return m, false
}

// serve tells one target until it is closed.
func (n *Notifier) serve(ctx context.Context, in *inbox) {
	left, filled := burst, time.Now()
	for {
		m, last := in.take()
		if last {
			return
		}
		if m == nil {
			select {
			case <-in.bell:
			case <-ctx.Done():
				return
			}
			continue
		}
		if err := n.deliver(ctx, in.Target, m); err != nil && n.Fail != nil && ctx.Err() == nil { // Close says what it cut short
			n.Fail(in.Name, err)
		}
		if since := time.Since(filled); since >= refill {
			left = min(burst, left+int(since/refill))
			filled = filled.Add(since / refill * refill)
		}
		if left--; left <= 0 {
			if wait(ctx, time.Until(filled.Add(refill))) != nil {
				return
			}
		}
	}
}

// deliver tries until it is told, or there is no hope.
func (n *Notifier) deliver(ctx context.Context, t *Target, m *Message) error {
	pause := firstTry
	for i := 1; ; i++ {
		err := t.send(ctx, m)
		var never permanent
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &never):
			return err
		case i == tries:
			return fmt.Errorf("given up after %d tries: %w", tries, err)
		}
		var b busy
		after := pause
		if errors.As(err, &b) {
			after = max(after, b.after)
		}
		if err := wait(ctx, after); err != nil {
			return err
		}
		pause = min(2*pause, longest)
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
