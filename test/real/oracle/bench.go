package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"syscall"
	"time"
)

// measured says how much processor time (user and system) `count` rounds of one piece of work took. With
// GOMAXPROCS=1 that is what one core can do.
type measured struct {
	ID      string  `json:"id"`
	OK      bool    `json:"ok"`
	Error   string  `json:"error"`
	Seconds float64 `json:"seconds"`
}

func bench(q request) measured {
	work, err := workOf(q)
	if err != nil {
		return measured{ID: q.ID, Error: err.Error()}
	}
	started := processorTime()
	for range q.Count {
		if err := work(); err != nil {
			return measured{ID: q.ID, Error: err.Error()}
		}
	}
	return measured{ID: q.ID, OK: true, Seconds: processorTime() - started}
}

// workOf does beforehand what is not to be measured: reading what it is given.
func workOf(q request) (func() error, error) {
	switch q.Bench {
	case "parse":
		bytes := der(q.DER)
		return func() error {
			_, err := x509.ParseCertificate(bytes)
			return err
		}, nil
	case "verify":
		return verifyWork(q)
	case "issue", "sign":
		return issueWork(q)
	default:
		return nil, errors.New("bench must be issue, sign, parse or verify")
	}
}

// verifyWork verifies one leaf against one root again and again: Verify remembers nothing.
func verifyWork(q request) (func() error, error) {
	leaf, err := x509.ParseCertificate(der(q.Leaf))
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339Nano, q.At)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	for _, text := range q.Roots {
		root, err := x509.ParseCertificate(der(text))
		if err != nil {
			return nil, err
		}
		roots.AddCert(root)
	}
	options := x509.VerifyOptions{
		DNSName: q.Name, Roots: roots, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{usages[q.Usage]},
	}
	return func() error {
		_, err := leaf.Verify(options)
		return err
	}, nil
}

// issueWork signs what the request in DER asks for with Cert and Key, as Kubernetes' own signer does
// (pkg/controller/certificates/authority); "issue" makes a key for it too, and the PEM of both.
func issueWork(q request) (func() error, error) {
	asked, err := x509.ParseCertificateRequest(der(q.DER))
	if err != nil {
		return nil, err
	}
	authority, err := x509.ParseCertificate(der(q.Cert))
	if err != nil {
		return nil, err
	}
	signer, err := privateKey(der(q.Key))
	if err != nil {
		return nil, err
	}
	sign := func(public crypto.PublicKey) ([]byte, error) {
		serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 159))
		if err != nil {
			return nil, err
		}
		now := time.Now()
		return x509.CreateCertificate(rand.Reader, &x509.Certificate{
			SerialNumber: serial, Subject: asked.Subject,
			DNSNames: asked.DNSNames, IPAddresses: asked.IPAddresses,
			NotBefore: now.Add(-5 * time.Minute), NotAfter: now.AddDate(1, 0, 0),
			KeyUsage:              x509.KeyUsageDigitalSignature,
			ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			BasicConstraintsValid: true,
		}, authority, public, signer)
	}
	if q.Bench == "sign" {
		return func() error {
			_, err := sign(asked.PublicKey)
			return err
		}, nil
	}
	return func() error {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		cert, err := sign(key.Public())
		if err != nil {
			return err
		}
		bytes, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return err
		}
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: bytes})
		return nil
	}, nil
}

// processorTime is in seconds since the start of the process.
func processorTime() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}
