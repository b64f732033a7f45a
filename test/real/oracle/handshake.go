package main

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"
)

// identity is what one side of a handshake shows and whom it trusts. The key need not belong to the chain.
type identity struct {
	Chain []string `json:"chain"` // nobody: shows nothing
	Key   string   `json:"key"`
	Roots []string `json:"roots"`
}

// handshakes is one question: a server that demands a client certificate, and a client.
type handshakes struct {
	Server  identity `json:"server"`
	Client  identity `json:"client"`
	Version string   `json:"version"` // 1.2 or 1.3
}

// shaken holds what each side prints. Empty: it is content.
type shaken struct {
	ID     string `json:"id"`
	OK     bool   `json:"ok"`
	Error  string `json:"error"` // why the question could not be asked
	Server string `json:"server"`
	Client string `json:"client"`
}

const patience = 20 * time.Second

func handshake(q request) shaken {
	answer := shaken{ID: q.ID}
	server, errServer := configOf(q, q.Handshake.Server)
	client, errClient := configOf(q, q.Handshake.Client)
	if err := errors.Join(errServer, errClient); err != nil {
		answer.Error = err.Error()
		return answer
	}
	server.ClientAuth, server.ClientCAs = tls.RequireAndVerifyClientCert, pool(q.Handshake.Server.Roots)
	client.ServerName, client.RootCAs = q.Name, pool(q.Handshake.Client.Roots)
	// Shown whatever the server advertises, as client-go and etcd do.
	shown := client.Certificates
	client.Certificates = nil
	client.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return &shown[0], nil
	}
	here, there, err := loopback()
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	done := make(chan error, 1)
	go func() { done <- serve(tls.Server(there, server), there) }()
	answer.Client = text(dial(tls.Client(here, client), here))
	answer.Server = text(<-done)
	answer.OK = answer.Client == "" && answer.Server == ""
	return answer
}

// loopback is a connection with room for what nobody reads yet; a net.Pipe has none, and both sides may write.
func loopback() (client, server *net.TCPConn, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	dialled, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	accepted, err := listener.Accept()
	if err != nil {
		dialled.Close()
		return nil, nil, err
	}
	client, server = dialled.(*net.TCPConn), accepted.(*net.TCPConn)
	for _, end := range []*net.TCPConn{client, server} {
		end.SetDeadline(time.Now().Add(patience))
	}
	return client, server, nil
}

func configOf(q request, who identity) (*tls.Config, error) {
	at, err := time.Parse(time.RFC3339Nano, q.At)
	if err != nil {
		return nil, err
	}
	versions := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
	version := versions[q.Handshake.Version]
	shown := tls.Certificate{}
	if len(who.Chain) > 0 {
		if shown.PrivateKey, err = privateKey(der(who.Key)); err != nil {
			return nil, err
		}
	}
	for _, cert := range who.Chain {
		shown.Certificate = append(shown.Certificate, der(cert))
	}
	return &tls.Config{
		Time: func() time.Time { return at }, MinVersion: version, MaxVersion: version,
		Certificates: []tls.Certificate{shown},
	}, nil
}

// serve says one byte to a client that it likes.
func serve(conn *tls.Conn, raw *net.TCPConn) error {
	defer leave(raw)
	if err := conn.Handshake(); err != nil {
		return err
	}
	_, err := conn.Write([]byte{0})
	return err
}

// dial waits for that byte: in TLS 1.3 a client is done before it hears what the server thinks of it.
func dial(conn *tls.Conn, raw *net.TCPConn) error {
	defer leave(raw)
	if err := conn.Handshake(); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	return err
}

// leave reads what is left: a socket that is closed with bytes in it resets, and the other's alert is lost.
func leave(raw *net.TCPConn) {
	raw.CloseWrite()
	io.Copy(io.Discard, raw)
	raw.Close()
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
