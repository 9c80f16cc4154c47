package rootcause

var lveLimits = &Cause{
	ID:    "lve_limits",
	Title: "The hosting account reached its CloudLinux limits",
	Layer: Host,
	Kind:  Root,
	Prior: .03,
	Doc: "CloudLinux gives each account its own share: entry processes (EP), memory (PMEM), processes (NPROC), CPU. Above EP Apache answers 508 \"Resource Limit Is Reached\" (or 503, 429 if so configured); above PMEM or NPROC PHP is killed or cannot start: 500 and 503. Only this account fails, its neighbours are fine.\n\n" +
		"Entry processes are requests in progress: slow pages use them up as a full pool does. If other accounts fail as well it is the machine.",
	Needs: []Clue{
		{Tags: tags{"apache/lve"}, Weight: naming, Text: "the account was at its limit of entry processes {n} times"},
		{Tags: tags{"http/508"}, Weight: Strong, Text: "{n} visitors got 508 Resource Limit Is Reached"},
		{Tags: tags{"apache/lsphp-trouble", "apache/lsphp-limit"}, Weight: Medium, Text: "lsphp lost children or could not start more ({n} reports)"},
	},
	For: []Clue{
		{Tags: tags{"apache/lsapi-error"}, Weight: Medium, Text: "{n} requests lost their lsphp process"},
		{Tags: tags{"kernel/oom-kill-cgroup"}, Weight: Weak, Lag: memory, Host: true, Text: "the kernel killed processes in a cgroup"},
		sawSurge.weighing(Weak),
	},
	Against:  []Clue{sawManySites.weighing(Medium)},
	Explains: []string{"php_child_died_unknown", "php_child_sigkill_unknown"},
	Decisive: true,
	Wants: []Want{
		{WebError, .5, "mod_hostinglimits and mod_lsapi write there which account met which limit"},
		{Access, .35, "it counts the answers with 508"},
		{KernelLog, .15, "it would show processes killed inside the account's limits"},
	},
	Summary: "The hosting account[ of {vhosts}] reached its CloudLinux limits.",
	Fix: []Step{
		{
			Text:   "See which limit it was (EPf, PMEMf, NPROCf count the faults).",
			Config: "lveinfo --period=1d --user=USER --show-columns From,To,EPf,PMEMf,NPROCf,aEP,mEP",
		},
		{
			Text:    "Raise it for that account, if its plan allows.",
			Config:  "lvectl set-user USER --maxEntryProcs=40 --pmem=2G --nproc=120\nlvectl apply all",
			Caution: "Keep EP below NPROC, and the sum of what accounts really use within the machine.",
		},
		{Text: "Or take load off: cache pages, block bots, find the slow call."},
	},
	Verify:  []string{"lveinfo shows no new faults for a day", "no 508 in the access log"},
	Sources: []string{"docs.cloudlinux.com: Limits", "mod_hostinglimits"},
}
