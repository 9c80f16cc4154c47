package parser

// Format is one kind of log. Adding one is a file with its Parse function and a line in Formats.
type Format struct {
	Name  string   // "nginx-error": stable, appears in reports and rules
	Doc   string   // one line: what writes it
	Paths []string // where it usually lies, for the documentation

	// Sniff says how surely a physical line begins an entry of this format: 0 not at all, 100 beyond
	// doubt. It looks at shape only, never at file names, and must be cheap.
	Sniff func(line []byte) int

	// Continues says whether line belongs to the entry read so far (its physical lines joined by LF)
	// instead of beginning a new one. Nil: an entry is one line.
	Continues func(entry, line []byte) bool

	// Begins says that line surely begins an entry and states its whole time, whatever stood before it: there a file may
	// be cut in two that are read apart. Nil: what entries mean depends on those before, or logs of it are small.
	Begins func(line []byte) bool

	// Whole says that line, if Parse can read it, is an entry of this format from its beginning to its end, whatever
	// follows: it is then parsed where it lies, and no other format is asked. It must be cheap. Nil: that is never sure.
	Whole func(line []byte) bool

	// Parse cuts entry (physical lines joined by LF, no LF at the end) into r, which has been Reset and has Pos, Lines,
	// Format and Raw set. It sets r.Format itself only where it unwraps another format (syslog), or where two
	// formats share their shape and the line decides (access logs). It returns errSkip for lines that carry nothing (blank, banner) and any other error for an
	// entry it cannot read; Records turns that into a *SyntaxError.
	Parse func(d *Decoder, entry []byte, r *Record) error

	// sketch, if there is one, reads what Echoes needs of a line, and says whether it is there. Of two lines of one outline
	// Whole must say the same.
	sketch func(d *Decoder, line []byte, s *sketch) bool

	// several, if there is one, says of how many bytes and lines the entry is that text begins with, if a sketch of it as a whole can
	// be made; n is 0 if not. The same must be joined of these lines one by one if that was so for others of their outline.
	several func(text []byte) (n, lines int)

	// learnable says whether a line with such a first part in its sketch may be one that Echoes knows again. Nil: each may.
	learnable func(first []byte) bool

	// entire, if there is one, says of how many bytes and lines the entry is that text begins with. It must surely end there, where an
	// empty line follows. What else there is to tell of it than light reads is put in key. n is 0 if there is no such entry.
	entire func(text, key []byte) (n, lines int, out []byte)
	light  func(d *Decoder, entry []byte, r *Record) bool

	// unwrap is set for formats that hold the lines of others: it takes the envelope off entry. What comes out is
	// joined to entries once more, now by the format inside.
	unwrap func(d *Decoder, entry []byte, e *envelope) bool
}

// Formats lists every format this package reads. Ties in Detect go to the earlier one.
var Formats []*Format

// envelopes are those of them that hold others.
var envelopes []*Format

// It is filled here and not where it is declared because formats that hold others (syslog) look into it.
func init() {
	Formats = []*Format{
		nginxError,
		apacheError,
		syslogFile,
		kernelLog,
		auditLog,
		systemdLog,
		mysqlError,
		mysqlSlow,
		modsecAudit,
		phpSlow,
		phpFPM,
		phpError,
		cloudflareLog,
		haproxyLog,
		caddyLog,
		traefikLog,
		albLog,
		envoyLog,
		herokuLog,
		varnishLog,
		litespeedError,
		lighttpdLog,
		suphpLog,
		suexecLog,
		redisLog,
		monologLog,
		gunicornLog,
		uwsgiLog,
		rubyLog,
		supervisorLog,
		appConsole,
		chkservdLog,
		cpanelDaemon,
		lveStats,
		dbGovernor,
		fpmAccess,
		nginxAccess,
		apacheAccess,
		dockerLog,
		dockerStamped,
		criLog,
		composeLog,
		journalJSON,
		journalExport,
	}
	for _, f := range Formats {
		if f.unwrap != nil {
			envelopes = append(envelopes, f)
		}
	}
}

// Lookup returns the format of that name, nil if there is none.
func Lookup(name string) *Format {
	for _, f := range Formats {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// detectLines is how many non-blank lines of a file Detect looks at.
const detectLines = 64

// Detect names the format of a file from its first lines; nil if none of them is sure enough.
// Continuation lines (traces, SQL) match nothing, so the best format need not match most lines:
// it needs one sure line and more certainty than any other.
func Detect(lines [][]byte) *Format { return detect(Formats, lines) }

func detect(formats []*Format, lines [][]byte) *Format {
	n, first := 0, -1 // how many lines are looked at, and the first of them
	for i := 0; i < len(lines) && n < detectLines; i++ {
		if len(lines[i]) > 0 {
			if n++; n == 1 {
				first = i
			}
		}
	}
	if n == 0 {
		return nil
	}
	lines = lines[first:]
	// It is mostly the one that knows the first line best: the others need not be asked for long then.
	guess, _ := surest(formats, lines[0])
	guessSum, guessTop := 0, 0
	if guess != nil {
		guessSum, guessTop = guess.certainty(lines, n, 1)
	}
	var best *Format
	bestSum, bestTop := 0, 0
	for _, f := range formats {
		sum, top := guessSum, guessTop
		if f != guess {
			sum, top = f.certainty(lines, n, max(bestSum+1, guessSum))
		}
		if sum > bestSum {
			best, bestSum, bestTop = f, sum, top
		}
	}
	if bestTop < 50 {
		return nil
	}
	return best
}

// certainty sums up how sure f is of the first n lines that are not blank, and says how sure it is of the surest one. It gives up
// where the sum cannot be least any more; it is less than that then.
func (f *Format) certainty(lines [][]byte, n, least int) (sum, top int) {
	for _, l := range lines {
		if n == 0 || sum+100*n < least {
			break
		}
		if len(l) == 0 {
			continue
		}
		n--
		if s := f.Sniff(l); s > 0 {
			sum += s
			top = max(top, s)
		}
	}
	return sum, top
}

// DetectLine names the format that line begins an entry of, nil if none is sure enough.
func DetectLine(line []byte) *Format {
	f, _ := bestFormat(line)
	return f
}

func bestFormat(line []byte) (best *Format, sure int) { return surest(Formats, line) }

func surest(formats []*Format, line []byte) (best *Format, sure int) {
	sure = 49
	for _, f := range formats {
		if s := f.Sniff(line); s > sure {
			best, sure = f, s
		}
	}
	return best, sure
}
