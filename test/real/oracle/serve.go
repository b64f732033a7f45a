package main

import (
	"crypto/tls"
	"net"
	"time"
)

// served are the servers of this run by their ports: what each said of those who dialled it, in turn.
var served = map[int]chan string{}

// listens is a server that programs of other kinds dial, until the run ends.
type listens struct {
	Server  identity `json:"server"`
	Version string   `json:"version"` // 1.2 or 1.3
	Demands bool     `json:"demands"` // a client certificate
}

type listening struct {
	Port  int    `json:"port"`
	Error string `json:"error"`
}

func listen(q request) listening {
	config, err := configOf(request{At: q.At, Handshake: &handshakes{Version: q.Listen.Version}}, q.Listen.Server)
	if err != nil {
		return listening{Error: err.Error()}
	}
	if q.Listen.Demands {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, pool(q.Listen.Server.Roots)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return listening{Error: err.Error()}
	}
	port := listener.Addr().(*net.TCPAddr).Port
	said := make(chan string, 1000)
	served[port] = said
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(patience))
			said <- text(serve(tls.Server(conn, config), conn.(*net.TCPConn)))
		}
	}()
	return listening{Port: port}
}

// heard is what the server on this port said of the next who dialled it.
func heard(q request) any {
	return map[string]string{"said": <-served[q.Heard]}
}
