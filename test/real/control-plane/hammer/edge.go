package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
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
	status int
	served string // serial number of the server's certificate
	shown  string // and of the client's
}

func failed(kind string, err error) outcome { return outcome{kind: kind, text: err.Error()} }

func (e edge) dial() outcome {
	config, err := e.config()
	if err != nil {
		return failed("torn", err)
	}
	dialer := net.Dialer{Timeout: patience}
	if e.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(e.From)}
	}
	connection, err := dialer.Dial("tcp", e.Address)
	if err != nil {
		return failed(kindOf(err, "other"), err)
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	secured := tls.Client(connection, config)
	if err := secured.Handshake(); err != nil {
		return failed(kindOf(err, "tls"), err)
	}
	status, err := e.ask(secured)
	if err != nil {
		// Of a certificate that it refuses, a server of TLS 1.3 tells after the handshake.
		return failed(kindOf(err, "tls"), err)
	}
	done := outcome{kind: "ok", status: status, served: serialOf(secured.ConnectionState().PeerCertificates[0])}
	if status == http.StatusUnauthorized {
		done.kind, done.text = "unauthorized", fmt.Sprintf("status %d", status)
	}
	if len(config.Certificates) > 0 {
		done.shown = serialOf(config.Certificates[0].Leaf)
	}
	return done
}

func serialOf(certificate *x509.Certificate) string {
	return fmt.Sprintf("%x", certificate.SerialNumber)
}

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

// config reads what is shown and what is trusted, anew each time.
func (e edge) config() (*tls.Config, error) {
	config := &tls.Config{ServerName: e.Name}
	cert, key, err := e.shows()
	if err != nil {
		return nil, err
	}
	if len(cert) > 0 {
		pair, err := tls.X509KeyPair(cert, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	anchors, err := e.anchors()
	if err != nil {
		return nil, err
	}
	if len(anchors) == 0 {
		config.InsecureSkipVerify = true // so does who dials it: its certificate is its own
		return config, nil
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(anchors) {
		return nil, fmt.Errorf("no anchors in %s%s", e.Trusts.CA, e.Trusts.Kubeconfig)
	}
	return config, nil
}

func (e edge) shows() (cert, key []byte, err error) {
	if e.Shows.Kubeconfig == "" {
		if e.Shows.Cert == "" {
			return nil, nil, nil
		}
		return pairIn(e.Shows.Cert, e.Shows.Key)
	}
	config, err := kubeconfig(e.Shows.Kubeconfig)
	if err != nil {
		return nil, nil, err
	}
	user := config.AuthInfos[config.Contexts[config.CurrentContext].AuthInfo]
	if user.ClientCertificate != "" {
		return pairIn(beside(e.Shows.Kubeconfig, user.ClientCertificate), beside(e.Shows.Kubeconfig, user.ClientKey))
	}
	return user.ClientCertificateData, user.ClientKeyData, nil
}

func (e edge) anchors() ([]byte, error) {
	if e.Trusts.CA != "" {
		return os.ReadFile(e.Trusts.CA)
	}
	if e.Trusts.Kubeconfig == "" {
		return nil, nil
	}
	config, err := kubeconfig(e.Trusts.Kubeconfig)
	if err != nil {
		return nil, err
	}
	cluster := config.Clusters[config.Contexts[config.CurrentContext].Cluster]
	if cluster.CertificateAuthority != "" {
		return os.ReadFile(beside(e.Trusts.Kubeconfig, cluster.CertificateAuthority))
	}
	return cluster.CertificateAuthorityData, nil
}

// By content: the file is read each time, and parsed when it has changed.
var parsed sync.Map

func kubeconfig(file string) (*api.Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if known, ok := parsed.Load(string(text)); ok {
		return known.(*api.Config), nil
	}
	config, err := clientcmd.Load(text)
	if err == nil && config.Contexts[config.CurrentContext] == nil {
		err = fmt.Errorf("%s has no current context", file)
	}
	if err != nil {
		return nil, err
	}
	parsed.Store(string(text), config)
	return config, nil
}

func beside(kubeconfig, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(kubeconfig), name)
}

func pairIn(cert, key string) ([]byte, []byte, error) {
	certificate, err := os.ReadFile(cert)
	if err != nil {
		return nil, nil, err
	}
	private, err := os.ReadFile(key)
	if err == nil && !bytes.Contains(certificate, []byte("-----BEGIN")) {
		err = fmt.Errorf("%s holds no certificate", strings.TrimSpace(cert))
	}
	return certificate, private, err
}
