package main

import (
	"sync"
	"time"
)

// What became of the connections of one edge.
type tally struct {
	ID string `json:"id"`
	OK int    `json:"ok"`
	failures
	Lost     failures       `json:"lost"`    // of those, after one that was ok
	Refused  int            `json:"refused"` // nobody listened
	Cut      int            `json:"cut"`     // who listened went away
	Asked    int            `json:"asked"`   // of all that, those that were asked for an answer
	Texts    map[string]int `json:"texts"`   // of all that is not ok
	Statuses map[int]int    `json:"statuses"`
	Served   []string       `json:"served"`   // serial numbers, in the order in which they were first seen
	Switches int            `json:"switches"` // how often the server showed another than the time before
	Shown    []string       `json:"shown"`    // serial numbers of the client's own, likewise
	Gap      float64        `json:"gap"`      // the longest time between two that were ok; seconds
	Away     []float64      `json:"away"`     // when it was first refused or cut, and last; seconds from the start
	Windows  []int          `json:"windows"`  // connections in each window, whatever became of them

	lock  sync.Mutex
	last  string
	proof ends
	dials int
	seen  time.Time
	began time.Time
}

type failures struct {
	TLS          int `json:"tls"`
	Unauthorized int `json:"unauthorized"`
	Torn         int `json:"torn"` // its own certificate and key could not be read
	Other        int `json:"other"`
}

func (f *failures) add(kind string) {
	switch kind {
	case "tls":
		f.TLS++
	case "unauthorized":
		f.Unauthorized++
	case "torn":
		f.Torn++
	default:
		f.Other++
	}
}

const window = 5 * time.Second

func newTally(id string) *tally {
	now := time.Now()
	return &tally{ID: id, Texts: map[string]int{}, Statuses: map[int]int{}, seen: now, began: now}
}

// due: certificates are accepted by the handshake, users (401) and the addresses of etcd's peers by the answer to a
// request. One is made whenever either end shows what it did not show at the last that was answered well, and each
// so many connections.
func (t *tally) due(shown ends, each int) bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.dials++
	return shown != t.proof || t.dials%each == 0
}

func (t *tally) add(one outcome) {
	t.lock.Lock()
	defer t.lock.Unlock()
	at := int(time.Since(t.began) / window)
	for len(t.Windows) <= at {
		t.Windows = append(t.Windows, 0)
	}
	t.Windows[at]++
	switch one.kind {
	case "ok":
		t.OK++
		t.Gap = max(t.Gap, time.Since(t.seen).Seconds())
		t.seen = time.Now()
	case "refused":
		t.Refused++
	case "cut":
		t.Cut++
	default:
		t.failures.add(one.kind)
		if t.OK > 0 {
			t.Lost.add(one.kind)
		}
	}
	if one.kind == "refused" || one.kind == "cut" {
		now := time.Since(t.began).Seconds()
		if t.Away == nil {
			t.Away = []float64{now}
		}
		t.Away = []float64{t.Away[0], now}
	}
	if one.text != "" {
		t.Texts[one.text]++
	}
	if one.status != 0 {
		t.Asked++
	}
	if one.status != 0 && one.kind == "ok" {
		t.proof = one.ends
		t.Statuses[one.status]++
	}
	if one.served != "" {
		if t.last != "" && t.last != one.served {
			t.Switches++
		}
		t.last = one.served
	}
	t.Served = with(t.Served, one.served)
	t.Shown = with(t.Shown, one.shown)
}

func with(known []string, one string) []string {
	if one == "" {
		return known
	}
	for _, other := range known {
		if other == one {
			return known
		}
	}
	return append(known, one)
}
