package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// near is the one of names that word is most likely a slip of, "" if none is like it.
func near(word string, names []string) string {
	like := &cobra.Command{}
	for _, n := range names {
		like.AddCommand(&cobra.Command{Use: n, Run: func(*cobra.Command, []string) {}})
	}
	if i := slices.IndexFunc(names, func(n string) bool { return sorted(n) == sorted(word) }); i >= 0 {
		return names[i] // letters that changed places: the commonest slip, and two by cobra's measure
	}
	for like.SuggestionsMinimumDistance = 1; like.SuggestionsMinimumDistance <= min(2, len(word)/2-1); like.SuggestionsMinimumDistance++ {
		if found := like.SuggestionsFor(word); len(found) > 0 {
			return found[0]
		}
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, word) }); i >= 0 && len(word) > 3 {
		return names[i]
	}
	return ""
}

// sorted is a word with its letters in order.
func sorted(word string) string {
	letters := []byte(word)
	slices.Sort(letters)
	return string(letters)
}

// orNear ends a message about a word that is none of names: with the one that was probably meant, else with the way out.
func orNear(word string, names []string, out string) string {
	if n := near(word, names); n != "" {
		return "did you mean " + n + "?"
	}
	return out
}

// commandNames are the commands that c has.
func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			names = append(names, sub.Name())
		}
	}
	return names
}

// mistyped says whether a path that does not exist is a command with a slip in it.
func mistyped(c *cobra.Command, path string) string {
	if strings.ContainsAny(path, "/.*?[") {
		return ""
	}
	if _, err := os.Lstat(path); err == nil {
		return ""
	}
	return near(path, commandNames(c.Root()))
}

// unknownFlag is the flag of c that was probably meant by one that it does not have, "" if err is about something else.
// Whoever writes -since for --since is told of an unknown -s otherwise.
func unknownFlag(c *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return ""
	}
	word := unknown.GetSpecifiedShortnames()
	if word == "" {
		word = unknown.GetSpecifiedName()
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return near(word, names)
}
