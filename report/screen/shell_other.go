//go:build !unix

package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// obeyShell does nothing: shells here stop no process.
func obeyShell(context.Context, *tea.Program) (end func()) { return func() {} }

func suspend() tea.Msg { return nil }
