package input

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// MaxHands is how many goroutines look at files at a time at most: each holds a buffer.
const MaxHands = 4

// Hands is how many there are here.
func Hands() int { return min(MaxHands, runtime.GOMAXPROCS(0)) }

// Each calls do for 0 to n-1, from several goroutines at a time. Opening small files takes longer than reading them. Which hand, from 0
// to MaxHands-1, takes which may not show: do leaves what it finds in places of its own.
func Each(n int, do func(hand, i int)) {
	const few = 4 // are not worth a goroutine, and are taken at once
	hands := min(Hands(), (n+few-1)/few)
	if hands <= 1 {
		for i := range n {
			do(0, i)
		}
		return
	}
	var taken atomic.Int64
	var wg sync.WaitGroup
	for hand := range hands {
		wg.Go(func() {
			for {
				to := int(taken.Add(few))
				for i := to - few; i < min(to, n); i++ {
					do(hand, i)
				}
				if to >= n {
					return
				}
			}
		})
	}
	wg.Wait()
}
