package history

import "math"

// Numbers of one day and another differ by chance alone, small ones by much. A count is above another only if it is more than
// twice as high and would be so high in less than one of a thousand cases if it were twice as high: against a day without any it
// takes 18, against seven such days 5; against 12 it takes 61, against 1,000 about 2,250.
const (
	twice    = 2
	unlikely = 0.001
)

// above says whether a count over a time (or a traffic) is clearly above another: of all of both, which fell to either by chance
// with the weight of its time, at least so many fell to the first.
func above(a int, overA float64, b int, overB float64) bool {
	if a <= 0 || overA <= 0 || overB <= 0 {
		return false
	}
	p := twice * overA / (twice*overA + overB)
	return atLeast(a, a+b, p) < unlikely
}

// atLeast is the chance that of n at least k fall to what has the chance p each.
func atLeast(k, n int, p float64) float64 {
	if float64(k) <= p*float64(n) {
		return 1 // about a half or more
	}
	sum := 0.0
	term := math.Exp(choose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	for i := k; i <= n && term > sum*1e-9; i++ {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return sum
}

// choose is the logarithm of how many ways there are to choose k of n.
func choose(n, k int) float64 {
	all, _ := math.Lgamma(float64(n + 1))
	in, _ := math.Lgamma(float64(k + 1))
	out, _ := math.Lgamma(float64(n - k + 1))
	return all - in - out
}
