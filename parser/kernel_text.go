package parser

import "bytes"

// kernelText reads a message of the kernel, with or without its "[uptime] ".
func (r *Record) kernelText(b []byte) {
	uptime, b, timed := cutUptime(b)
	r.Format, r.Message = kernelName, b
	if timed {
		r.Add("uptime", uptime)
	}
	if len(b) < 8 || r.kernelBegins(b) || r.kernelFault(b) {
		return
	}
	// php-fpm8.2 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
	if i := bytes.Index(b, []byte(" invoked oom-killer: ")); i > 0 {
		r.Add("comm", b[:i])
		return
	}
	r.fatalSignal(b)
}

// kernelBegins reads a message that is told by its first words; false if it is none of these.
func (r *Record) kernelBegins(b []byte) bool {
	switch b[0] {
	case ' ', '[':
		return true // a call trace, a row of the task table
	case 'R':
		if b[3] == ':' {
			return true // "RIP: 0010:0x7f12", "RAX: …"
		}
	case 'o':
		if bytes.HasPrefix(b, []byte("oom-kill:")) {
			r.oomChosen(b)
			return true
		}
		if rest, ok := bytes.CutPrefix(b, []byte("oom_reaper: reaped process ")); ok {
			r.oomVictim(rest)
			return true
		}
	case 'O', 'K':
		if rest := afterWords(b, "Out of memory: Killed process ", "Out of memory: Kill process ", "Killed process "); rest != nil {
			r.oomVictim(rest)
			return true
		}
	case 'M':
		if rest := afterWords(b, "out of memory: Killed process ", "out of memory: Kill process "); rest != nil {
			r.oomVictim(rest)
			return true
		}
	case 'T':
		// Task in /lve1001 killed as a result of limit of /lve1001
		if rest := afterWords(b, " killed as a result of limit of "); rest != nil {
			r.Add("cgroup", rest)
			return true
		}
		// TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.
		// TCP: request_sock_TCP: Possible SYN flooding on port [::]:443. Sending cookies.
		if rest := afterWords(b, "SYN flooding on port "); rest != nil {
			rest, _, _ = bytes.Cut(rest, []byte(". "))
			r.addDigits("port", rest[bytes.LastIndexByte(rest, ':')+1:])
			return true
		}
	case 'm':
		// memory: usage 1048576kB, limit 1048576kB, failcnt 2222
		if bytes.HasPrefix(b, []byte("memory: usage ")) {
			r.addNumber("limit", b, ", limit ")
			return true
		}
	case 'c':
		// cgroup: fork rejected by pids controller in /system.slice/php8.2-fpm.service
		if rest, ok := bytes.CutPrefix(b, []byte("cgroup: fork rejected by pids controller in ")); ok {
			r.Add("cgroup", rest)
			return true
		}
	case 'I':
		if rest, ok := bytes.CutPrefix(b, []byte("INFO: task ")); ok {
			r.hungTask(rest)
			return true
		}
	}
	return false
}

// hungTask reads "php-fpm:123 blocked for more than 120 seconds."
func (r *Record) hungTask(b []byte) {
	end := bytes.Index(b, []byte(" blocked for more than "))
	if end < 0 {
		return
	}
	colon := bytes.LastIndexByte(b[:end], ':')
	if colon < 0 {
		return
	}
	r.Add("comm", b[:colon])
	pid, _ := number(b[colon+1:])
	r.PID = int(pid)
}

// oomChosen reads whom the OOM killer chose, and for which limit:
//
//	oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/lve1001,task_memcg=/lve1001,task=lsphp,pid=29454,uid=1001
//	oom-kill:constraint=CONSTRAINT_NONE,…,global_oom,task_memcg=/system.slice/php8.2-fpm.service,task=php-fpm,pid=29454,uid=33
func (r *Record) oomChosen(b []byte) {
	if v := between(b, "constraint=", ","); v != nil {
		r.Add("constraint", v)
	}
	if v := between(b, ",oom_memcg=", ",task_memcg="); v != nil {
		r.Add("cgroup", v)
	}
	if v := between(b, ",task_memcg=", ",task="); v != nil {
		r.Add("task_cgroup", v)
	}
	at := bytes.LastIndex(b, []byte(",pid="))
	if at < 0 {
		return
	}
	pid, _ := number(b[at+len(",pid="):])
	r.PID = int(pid)
	if i := bytes.Index(b[:at], []byte(",task=")); i >= 0 {
		r.Add("victim", b[i+len(",task="):at])
	}
	r.addNumber("uid", b[at:], ",uid=")
}

// oomVictim reads what follows "process " in the lines that name a killed process:
//
//	29454 (php-fpm) total-vm:409816kB, anon-rss:31200kB, file-rss:13100kB, shmem-rss:0kB, UID:1000 pgtables:440kB oom_score_adj:0
//	29454 (php-fpm) score 812 or sacrifice child
//	29454, UID 1000, (php-fpm) total-vm:409816kB, anon-rss:31200kB, file-rss:13100kB
//	29454 (php-fpm), now anon-rss:0kB, file-rss:0kB, shmem-rss:19292kB
func (r *Record) oomVictim(b []byte) {
	pid, n := number(b)
	if n == 0 {
		return
	}
	r.PID = int(pid)
	if open := bytes.IndexByte(b, '('); open >= 0 {
		name := b[open+1:]
		for _, end := range [...]string{") total-vm:", ") score ", "), now ", ")"} {
			if i := bytes.Index(name, []byte(end)); i >= 0 {
				r.Add("victim", name[:i])
				break
			}
		}
	}
	if bytes.Contains(b, []byte(" total-vm:")) { // the reaper tells what is left: nothing
		r.addNumber("rss_kb", b, "anon-rss:")
	}
	r.addNumber("uid", b, ", UID:")
	r.addNumber("uid", b, ", UID ")
}

// fatalSignal reads what print-fatal-signals logs, old and new:
//
//	php-fpm/123: potentially unexpected fatal signal 11.
//	php-fpm: php-fpm: potentially unexpected fatal signal 6.
func (r *Record) fatalSignal(b []byte) {
	i := bytes.Index(b, []byte("potentially unexpected fatal signal "))
	if i < 0 {
		return
	}
	r.addNumber("signal", b[i:], " signal ")
	name, _, ok := bytes.Cut(b[:i], []byte(": "))
	if !ok {
		return
	}
	if slash := bytes.LastIndexByte(name, '/'); slash > 0 {
		if pid, n := number(name[slash+1:]); n > 0 && slash+1+n == len(name) {
			r.PID = int(pid)
			name = name[:slash]
		}
	}
	r.Add("comm", name)
}
