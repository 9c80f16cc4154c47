package parser

// AccessFormat is one compiled log_format (nginx) or LogFormat (Apache).
type AccessFormat struct {
	Name   string // as the configuration names it
	Source string // "nginx" or "apache"
}
