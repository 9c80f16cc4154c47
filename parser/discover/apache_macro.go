package discover

import (
	"slices"
	"strings"
)

// macro is a <Macro> of mod_macro:
//
//	<Macro VHost $name $dir>
//	  <VirtualHost *:80>
//	    ServerName $name
//	    ErrorLog ${APACHE_LOG_DIR}/$name-error.log
//	  </VirtualHost>
//	</Macro>
//	Use VHost shop.test /srv/shop
type macro struct {
	params []string
	lines  [][]string
}

// Bounds of macros: they may use each other.
const (
	maxMacroLines = 10_000
	maxUsedLines  = 500_000
	maxUseDepth   = 16
)

// define gathers the lines of macros; true if the line is part of one.
func (r *apacheReader) define(words []string) bool {
	switch strings.ToLower(words[0]) {
	case "<macro":
		if len(words) > 1 && len(r.macros) < maxFiles {
			last := len(words) - 1
			words[last] = strings.TrimSuffix(words[last], ">")
			r.macro = &macro{params: words[2:]}
			r.macros[strings.ToLower(words[1])] = r.macro
		}
		return true
	case "</macro>":
		r.macro = nil
		return true
	}
	if r.macro == nil {
		return false
	}
	if len(r.macro.lines) < maxMacroLines {
		r.macro.lines = append(r.macro.lines, words)
	}
	return true
}

// use reads the lines of a macro with the arguments in the places of its parameters.
func (r *apacheReader) use(words []string, p string) {
	if len(words) == 0 {
		return
	}
	m := r.macros[strings.ToLower(words[0])]
	switch {
	case m == nil:
		r.tree.problem("%s: Use %s: no such macro", p, words[0])
		return
	case r.using >= maxUseDepth:
		r.tree.problem("%s: Use %s: the macro uses itself", p, words[0])
		return
	}
	r.using++
	defer func() { r.using-- }()
	var pairs []string
	for i, param := range m.params {
		if i+1 < len(words) && param != "" {
			pairs = append(pairs, param, words[i+1])
		}
	}
	put := strings.NewReplacer(pairs...)
	for _, line := range m.lines {
		if r.used++; r.used > maxUsedLines {
			return
		}
		line = slices.Clone(line)
		for i := range line {
			line[i] = put.Replace(line[i])
		}
		r.words(line, p)
	}
}
