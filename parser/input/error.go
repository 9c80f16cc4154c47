package input

import (
	"errors"
	"io/fs"
	"strconv"
)

// Error says what is wrong with one input and what the reader of the message can do about it.
type Error struct {
	Path string
	What string // "no such file or folder"
	Mend string // "check the spelling"; may be empty
	Err  error  // the cause, for errors.Is; may be nil
}

func (e *Error) Error() string {
	if e.Mend == "" {
		return e.Path + ": " + e.What
	}
	return e.Path + ": " + e.What + "; " + e.Mend
}

func (e *Error) Unwrap() error { return e.Err }

// ErrBinary is in the chain of the error of a file that holds no text.
var ErrBinary = errors.New("binary file")

// ErrDamaged is in the chain of the error of an archive that ends too early or is corrupt.
var ErrDamaged = errors.New("damaged archive")

// ErrTrust says that trust was misplaced: there is an archive, or a file of a folder that cannot be read, or is packed. Open finds some,
// Ends.Read the others. All must be opened again without trust.
var ErrTrust = errors.New("no plain file")

// pathError words what the system says about path.
func pathError(path string, err error) *Error {
	e := &Error{Path: path, Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.What, e.Mend = "no such file or folder", "check the spelling or give the folder it lies in"
	case errors.Is(err, fs.ErrPermission):
		e.What, e.Mend = "no permission to read it", "run as root or as a member of the group that owns it"
	default:
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err // its text would name the path again
		}
		e.What = "cannot be read: " + err.Error()
	}
	return e
}

func binaryError(path, kind, mend string) *Error {
	return &Error{Path: path, What: "is " + kind + "; not read", Mend: mend, Err: ErrBinary}
}

// damaged says how much of an archive came out before err.
func damaged(path, kind string, text int64, lines int, err error) *Error {
	return &Error{
		Path: path,
		What: "the " + kind + " archive is cut or damaged (" + err.Error() + "): " + strconv.Itoa(lines) + " lines (" +
			strconv.FormatInt(text, 10) + " bytes of text) were read, what follows is lost",
		Mend: "fetch it again from where it came",
		Err:  errors.Join(ErrDamaged, err),
	}
}
