package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"sync"
	"time"
)

// config is of what is shown and what is trusted at this moment.
func (e edge) config() (*tls.Config, error) {
	config := &tls.Config{
		ServerName: e.Name,
		// Whose tickets mean what acceptance takes them for.
		MinVersion: tls.VersionTLS13,
		// The cheapest of those that every server here takes: the certificates are what is looked at.
		CurvePreferences: []tls.CurveID{tls.CurveP256},
		// By `verified`, or not at all where who dials it does not either: its certificate is its own.
		InsecureSkipVerify: true,
	}
	shown, err := e.shows()
	if err != nil {
		return nil, err
	}
	if shown != nil {
		config.Certificates = []tls.Certificate{*shown}
	}
	anchors, err := e.anchors()
	if err != nil || anchors == nil {
		return config, err
	}
	config.VerifyConnection = func(state tls.ConnectionState) error {
		return verified(state.PeerCertificates, anchors, e.Name)
	}
	return config, nil
}

// What was verified once is good until the first of its certificates expires. What was refused is looked at anew.
type verdict struct {
	anchors     *x509.CertPool
	name, chain string
}

var verdicts sync.Map // of time.Time

func verified(chain []*x509.Certificate, anchors *x509.CertPool, name string) error {
	var raw strings.Builder
	for _, one := range chain {
		raw.Write(one.Raw)
	}
	question := verdict{anchors, name, raw.String()}
	if until, ok := verdicts.Load(question); ok && time.Now().Before(until.(time.Time)) {
		return nil
	}
	// As crypto/tls does (handshake_client.go, verifyServerCertificate).
	options := x509.VerifyOptions{Roots: anchors, DNSName: name, Intermediates: x509.NewCertPool()}
	for _, one := range chain[1:] {
		options.Intermediates.AddCert(one)
	}
	chains, err := chain[0].Verify(options)
	if err != nil {
		return err
	}
	until := chain[0].NotAfter
	for _, one := range chains[0] {
		if one.NotAfter.Before(until) {
			until = one.NotAfter
		}
	}
	verdicts.Store(question, until)
	return nil
}

// A server of Go's crypto/tls that asks for a client's certificate sends its ticket when it has verified what
// came (handshake_server_tls13.go, readClientCertificate before sendSessionTickets). Nothing is ever resumed.
type acceptance struct {
	connection net.Conn
	given      bool
}

func (*acceptance) Get(string) (*tls.ClientSessionState, bool) { return nil, false }

func (a *acceptance) Put(string, *tls.ClientSessionState) {
	a.given = true
	a.connection.SetReadDeadline(time.Unix(1, 0)) // ends await
}

// await is to come before anything is written.
func (a *acceptance) await(secured *tls.Conn) error {
	_, err := secured.Read(make([]byte, 1))
	if a.given {
		return nil
	}
	return err
}
