package correlate

import (
	"strings"

	"why502/parser"
)

// phpFile is what the path of a PHP file tells.
type phpFile struct {
	culprit ID // "plugin:name"; 0 if it is the application's frame, or names nothing
	piece   ID // "plugin:name" or "core:name"
	vhost   ID // by the configuration, else by the path
	site    ID // by the path
	account ID // /home/NAME/
}

var noFile phpFile

// file is what a path tells; it is good until the next call.
func (t *Timeline) file(path []byte) *phpFile {
	if len(path) == 0 {
		return &noFile
	}
	f, known := t.files.at(path)
	if known {
		return f
	}
	*f = phpFile{site: t.names.id(ofFailing, vhostOfScript(path)), account: t.names.id(ofPool, accountIn(path))}
	if f.vhost = t.names.idString(fixed, t.wiring.vhostOfScript(path)); f.vhost == 0 {
		f.vhost = f.site
	}
	t.room = piece(t.room, path)
	f.piece = t.names.id(ofPiece, t.room)
	if !core(path) {
		t.room = appendCulprit(t.room[:0], path)
		f.culprit = t.names.id(ofCulprit, t.room)
	}
	return f
}

// culprit names the piece of the site a record points at, as "kind:name"; 0 if it points at none.
func (t *Timeline) culprit(r *parser.Record) ID {
	switch r.Format {
	case "kernel":
		return t.names.idString(ofCulprit, kernelCulprit(r))
	case "mysql-slow":
		return t.names.idString(ofCulprit, queryCulprit(r.Field("query")))
	}
	for i := range r.Frames {
		if c := t.file(r.Frames[i].File).culprit; c != 0 {
			if own := t.ownFile(r, c); own != 0 {
				return own
			}
			return c
		}
	}
	return t.file(r.Script).culprit
}

// ownFile is the application's own file in which an error was raised that its framework, a package, had called: all of its code is called
// by that. 0 if it was raised elsewhere.
//
//	PHP Fatal error:  Uncaught Error: Class "App\Rates" not found in /srv/app/Providers/AppServiceProvider.php:34
//	#0 /srv/vendor/laravel/framework/src/Illuminate/Foundation/Application.php(1120): App\Providers\AppServiceProvider->boot()
func (t *Timeline) ownFile(r *parser.Record, called ID) ID {
	if r.Format == "php-slow" || !strings.HasPrefix(t.names.name(called), "package:") {
		return 0
	}
	if own := t.file(r.Script).culprit; own != 0 && strings.HasPrefix(t.names.name(own), "file:") {
		return own
	}
	return 0
}
