package main

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/etcd/client/pkg/v3/tlsutil"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/client-go/transport"
	"k8s.io/client-go/util/cert"
)

// loaded is the bundle as a component loads it: subjects in the pool, or the component's error. The file is
// called FILE in it.
type loaded struct {
	ID       string   `json:"id"`
	OK       bool     `json:"ok"`
	Error    string   `json:"error"`
	Subjects []string `json:"subjects"` // raw DER, hex
}

// load writes the bundle (base64) into a file and has the component's own function read it.
func load(q request) loaded {
	pool, err := loadFile(q)
	answer := loaded{ID: q.ID, OK: err == nil, Subjects: []string{}}
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	if pool != nil {
		//lint:ignore SA1019 the pool is of our own making, not the system's
		for _, subject := range pool.Subjects() {
			answer.Subjects = append(answer.Subjects, hex.EncodeToString(subject))
		}
	}
	return answer
}

func loadFile(q request) (*x509.CertPool, error) {
	bytes, err := base64.StdEncoding.DecodeString(q.DER)
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "kubetls-oracle-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	file := filepath.Join(directory, "FILE")
	if err := os.WriteFile(file, bytes, 0o600); err != nil {
		return nil, err
	}
	pool, err := loaders[q.Load](file)
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), file, "FILE"))
	}
	return pool, err
}

var loaders = map[string]func(file string) (*x509.CertPool, error){
	"client-go": func(file string) (*x509.CertPool, error) {
		config, err := transport.TLSConfigFor(&transport.Config{TLS: transport.TLSConfig{CAFile: file}})
		if err != nil {
			return nil, err
		}
		return config.RootCAs, nil
	},
	"dynamic-ca": func(file string) (*x509.CertPool, error) {
		content, err := dynamiccertificates.NewDynamicCAContentFromFile("client-ca-bundle", file)
		if err != nil {
			return nil, err
		}
		options, _ := content.VerifyOptions()
		return options.Roots, nil
	},
	"etcd": func(file string) (*x509.CertPool, error) {
		return tlsutil.NewCertPool([]string{file})
	},
	// Its own reader is not exported, and the controller around it would bring half of kube-controller-manager along.
	"csr-signer": func(file string) (*x509.CertPool, error) {
		certs, err := cert.CertsFromFile(file)
		if err == nil && len(certs) != 1 {
			err = fmt.Errorf("expected 1 certificate, found %d", len(certs))
		}
		pool := x509.NewCertPool()
		for _, one := range certs {
			pool.AddCert(one)
		}
		return pool, err
	},
}
