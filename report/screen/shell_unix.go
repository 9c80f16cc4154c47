//go:build unix

package screen

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// obeyShell gives the terminal back when kill -TSTP or the key for it stops the process, and takes it again when the shell lets
// it go on. What it returns ends that.
func obeyShell(ctx context.Context, p *tea.Program) (end func()) {
	stop, goOn := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTSTP)
	signal.Notify(goOn, syscall.SIGCONT)
	go func() {
		for {
			select {
			case <-stop:
				if p.ReleaseTerminal() != nil {
					continue
				}
				// Once a signal was caught, this runtime no longer stops by it. The whole group stops, as it would by the
				// terminal's key: the shell waits for all of it.
				if syscall.Kill(0, syscall.SIGSTOP) == nil {
					<-goOn
				}
			case <-goOn: // it was stopped by what cannot be caught, and the shell has used the terminal since
				if p.ReleaseTerminal() != nil {
					continue
				}
				time.Sleep(100 * time.Millisecond) // else the library stops the clock of its new renderer with the old one
			case <-ctx.Done():
				return
			}
			if p.RestoreTerminal() == nil {
				p.Send(tea.ClearScreen())
			}
		}
	}()
	return func() { signal.Stop(stop); signal.Stop(goOn) }
}

// suspend is the key for it: in the mode a screen needs, the terminal does not send the signal.
func suspend() tea.Msg {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGTSTP)
	return nil
}
