package main

import (
	"crypto/x509"
	"time"
)

// verdict has the shape of the `go` field of the test vectors (test/vectors), so that an answer can
// stand beside a recorded one.
type verdict struct {
	ID    string `json:"id"`
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	// question, parse-leaf, parse-intermediate, parse-root (some root was passed over; ok and error
	// are Verify's answer with the rest) or verify.
	Stage        string   `json:"stage"`
	Chains       int      `json:"chains"`
	ChainLengths []int    `json:"chain_lengths"`
	SkippedRoots int      `json:"skipped_roots"`
	RootErrors   []string `json:"root_errors,omitempty"`
	// Each chain in Verify's order, leaf first, as SHA-256 of its certificates' DER.
	Paths [][]string `json:"paths,omitempty"`
}

var usages = map[string]x509.ExtKeyUsage{
	"":       x509.ExtKeyUsageServerAuth, // VerifyOptions' own default
	"any":    x509.ExtKeyUsageAny,
	"server": x509.ExtKeyUsageServerAuth,
	"client": x509.ExtKeyUsageClientAuth,
}

func verify(q request) verdict {
	answer := verdict{ID: q.ID, Stage: "verify", ChainLengths: []int{}}
	no := func(stage, reason string) verdict {
		answer.Stage, answer.Error = stage, reason
		return answer
	}
	options := x509.VerifyOptions{DNSName: q.Name, Intermediates: x509.NewCertPool(), Roots: x509.NewCertPool()}
	usage, known := usages[q.Usage]
	if !known {
		return no("question", "usage must be server, client or any")
	}
	options.KeyUsages = []x509.ExtKeyUsage{usage}
	if q.At != "" {
		at, err := time.Parse(time.RFC3339Nano, q.At)
		if err != nil {
			return no("question", err.Error())
		}
		options.CurrentTime = at
	}
	// A root that does not parse is passed over, as CertPool.AppendCertsFromPEM does.
	for _, text := range q.Roots {
		cert, err := x509.ParseCertificate(der(text))
		if err != nil {
			answer.Stage = "parse-root"
			answer.SkippedRoots++
			answer.RootErrors = append(answer.RootErrors, err.Error())
			continue
		}
		options.Roots.AddCert(cert)
	}
	leaf, err := x509.ParseCertificate(der(q.Leaf))
	if err != nil {
		return no("parse-leaf", err.Error())
	}
	// A peer's chain is refused whole when one certificate in it does not parse (crypto/tls).
	for _, text := range q.Intermediates {
		cert, err := x509.ParseCertificate(der(text))
		if err != nil {
			return no("parse-intermediate", err.Error())
		}
		options.Intermediates.AddCert(cert)
	}
	chains, err := leaf.Verify(options)
	if err != nil {
		return no(answer.Stage, err.Error())
	}
	answer.OK, answer.Chains = true, len(chains)
	for _, chain := range chains {
		answer.ChainLengths = append(answer.ChainLengths, len(chain))
		answer.Paths = append(answer.Paths, fingerprints(chain))
	}
	return answer
}

func fingerprints(chain []*x509.Certificate) []string {
	all := make([]string, 0, len(chain))
	for _, cert := range chain {
		all = append(all, sha256Hex(cert.Raw))
	}
	return all
}
