package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// One TLS relation; files are absolute, and what is empty is not there.
type edge struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	From    string `json:"from"` // address of the client
	Name    string `json:"name"` // what the server's certificate must say
	Path    string `json:"path"`
	User    string `json:"user"` // whom a front proxy speaks for
	Shows   struct {
		Cert       string `json:"cert"`
		Key        string `json:"key"`
		Kubeconfig string `json:"kubeconfig"`
	} `json:"shows"`
	Trusts struct {
		CA         string `json:"ca"`
		Kubeconfig string `json:"kubeconfig"`
	} `json:"trusts"`
}

const patience = 10 * time.Second

type outcome struct {
	kind   string // ok, tls, unauthorized, torn, refused, cut, other
	text   string
	status int // 0 when nothing was asked
	ends
}

// Serial numbers of what either end has shown.
type ends struct{ served, shown string }

func failed(kind string, err error) outcome { return outcome{kind: kind, text: err.Error()} }

// dial ends when the server has accepted; where `due` says that it is to be asked, when it has answered.
func (e edge) dial(due func(ends) bool) outcome {
	config, err := e.config()
	if err != nil {
		return failed("torn", err)
	}
	// Keep-alive would be four calls of the kernel for what lives some milliseconds.
	dialer := net.Dialer{Timeout: patience, KeepAlive: -1}
	if e.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(e.From)}
	}
	connection, err := dialer.Dial("tcp", e.Address)
	if err != nil {
		return failed(kindOf(err, "other"), err)
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	accepted := &acceptance{connection: connection}
	config.ClientSessionCache = accepted
	secured := tls.Client(connection, config)
	if err := secured.Handshake(); err != nil {
		return failed(kindOf(err, "tls"), err)
	}
	done := outcome{kind: "ok", ends: ends{served: serialOf(secured.ConnectionState().PeerCertificates[0])}}
	if len(config.Certificates) > 0 {
		done.shown = serialOf(config.Certificates[0].Leaf)
	}
	// Of a certificate that it refuses, a server of TLS 1.3 tells after the handshake, and then closes: with a
	// request under way, all that is seen of it may be a reset.
	if err := accepted.await(secured); err != nil {
		return failed(kindOf(err, "tls"), err)
	}
	if due(done.ends) {
		connection.SetDeadline(time.Now().Add(patience))
		if done.status, err = e.ask(secured); err != nil {
			return failed(kindOf(err, "tls"), err)
		}
	}
	if done.status == http.StatusUnauthorized {
		done.kind, done.text = "unauthorized", fmt.Sprintf("status %d", done.status)
	}
	// Nobody waits for more: no port is kept for a minute. Who has refused us is not cut off in his alert.
	connection.(*net.TCPConn).SetLinger(0)
	return done
}

func serialOf(certificate *x509.Certificate) string { return certificate.SerialNumber.Text(16) }

// kindOf tells who has gone from who has said no; `otherwise` is the latter.
func kindOf(err error, otherwise string) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "cut"
	}
	return otherwise
}

func (e edge) ask(connection io.ReadWriter) (int, error) {
	user := ""
	if e.User != "" {
		user = "X-Remote-User: " + e.User + "\r\n"
	}
	_, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n", e.Path, e.Address, user)
	if err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}
