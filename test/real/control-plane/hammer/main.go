// Fresh TLS connections on every edge of a cluster, each from the files as they are at that moment and
// without resumption, until standard input ends; then what became of them, as JSON.
//
// What is hammered runs on the same processors, so a connection is as cheap as it can be and still tell who was
// accepted: handshake.go says how, and docs/real-cluster.md what each of it is worth.
//
//	hammer EDGES.json
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

type order struct {
	Rate  float64 `json:"rate"`  // connections a second, on each edge
	Lanes int     `json:"lanes"` // at a time, on each edge
	Asks  int     `json:"asks"`  // each so many of them also ask for an answer
	Edges []edge  `json:"edges"`
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: hammer EDGES.json")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var asked order
	if err := json.Unmarshal(text, &asked); err != nil {
		log.Fatal(err)
	}
	debug.SetGCPercent(2_000)
	over := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	began := time.Now()
	tallies := make([]*tally, len(asked.Edges))
	var lanes sync.WaitGroup
	for i, one := range asked.Edges {
		tallies[i] = newTally(one.ID)
		delay := time.Duration(float64(i) / float64(len(asked.Edges)) / asked.Rate * float64(time.Second))
		lanes.Go(func() { strike(one, tallies[i], asked, delay, over) })
	}
	lanes.Wait()
	answer := map[string]any{"seconds": time.Since(began).Seconds(), "edges": tallies}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		log.Fatal(err)
	}
}

// What a busy machine has kept us from is made up for this long, and no longer.
const owed = 10 * time.Second

// strike dials in time as long as a lane is free.
func strike(one edge, into *tally, asked order, delay time.Duration, over <-chan struct{}) {
	free := make(chan struct{}, asked.Lanes)
	every := time.Duration(float64(time.Second) / asked.Rate)
	next := time.Now().Add(delay)
	var running sync.WaitGroup
	defer running.Wait()
	for {
		select {
		case <-over:
			return
		case <-time.After(time.Until(next)):
		}
		if late := time.Now().Add(-owed); next.Before(late) {
			next = late
		}
		next = next.Add(every)
		select {
		case <-over:
			return
		case free <- struct{}{}:
		}
		running.Go(func() {
			into.add(one.dial(func(shown ends) bool { return into.due(shown, asked.Asks) }))
			<-free
		})
	}
}
