package screen

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"why502/report"
)

// Run shows the screen while work goes on, and gives the terminal back as it was before it returns what work does. Work's
// context ends when the user leaves the screen or the terminal is gone. If work panics, the terminal is given back first.
func (s *Screen) Run(ctx context.Context, work func(context.Context) error) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	shown, worked := make(chan struct{}), make(chan error, 1)
	go func() {
		defer func() {
			leave()
			<-shown
		}()
		worked <- work(ctx)
	}()
	err := s.show(ctx, leave)
	close(shown)
	leave()
	return cmp.Or(<-worked, err)
}

// show lasts until the user leaves or ctx ends.
func (s *Screen) show(ctx context.Context, leave func()) error {
	in := s.in
	if f, ok := in.(*os.File); ok {
		if !report.IsTerminal(f) {
			tty, _, err := tea.OpenTTY()
			if err != nil {
				return err
			}
			defer tty.Close()
			f = tty
		}
		in = &keyboard{f, leave}
	}
	p := tea.NewProgram(newModel(ctx, s),
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(s.out), tea.WithEnvironment(s.environ()),
		tea.WithoutSignalHandler(), tea.WithFPS(30))
	defer obeyShell(ctx, p)()
	_, err := p.Run()
	if ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic) {
		return nil
	}
	return err
}

// environ is the environment the renderer decides by: whether there is colour is decided already.
func (s *Screen) environ() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "NO_COLOR=") || strings.HasPrefix(v, "CLICOLOR")
	})
	if !s.options.Color {
		env = append(env, "NO_COLOR=1")
	}
	return env
}

// keyboard notices that the terminal is gone: the window was closed, the connection broke. The library takes that for silence.
type keyboard struct {
	*os.File
	gone func()
}

func (k *keyboard) Read(p []byte) (int, error) {
	n, err := k.File.Read(p)
	if err != nil {
		k.gone()
	}
	return n, err
}
