package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// parsed is what Go read: the fields that kubetls shows, in Go's own representation.
type parsed struct {
	ID    string `json:"id"`
	OK    bool   `json:"ok"`
	Error string `json:"error"`

	Version            int      `json:"version,omitempty"`
	Subject            string   `json:"subject,omitempty"` // raw DER, hex
	Issuer             string   `json:"issuer,omitempty"`  // raw DER, hex
	Serial             string   `json:"serial,omitempty"`  // decimal
	NotBefore          string   `json:"notBefore,omitempty"`
	NotAfter           string   `json:"notAfter,omitempty"`
	DNSNames           []string `json:"dnsNames,omitempty"`
	IPs                []string `json:"ips,omitempty"`
	URIs               []string `json:"uris,omitempty"`
	Emails             []string `json:"emails,omitempty"`
	KeyUsage           int      `json:"keyUsage,omitempty"`    // x509.KeyUsage: digitalSignature is 1, keyCertSign 32
	ExtKeyUsage        []string `json:"extKeyUsage,omitempty"` // object identifiers
	IsCA               bool     `json:"isCA,omitempty"`
	MaxPathLen         *int     `json:"maxPathLen,omitempty"` // absent: no limit
	SubjectKeyID       string   `json:"subjectKeyId,omitempty"`
	AuthorityKeyID     string   `json:"authorityKeyId,omitempty"`
	SignatureAlgorithm string   `json:"signatureAlgorithm,omitempty"`
	PublicKeyAlgorithm string   `json:"publicKeyAlgorithm,omitempty"`
	KeySize            int      `json:"keySize,omitempty"`
	SPKI               string   `json:"spki,omitempty"`           // SHA-256 of SubjectPublicKeyInfo, hex
	SignatureError     string   `json:"signatureError,omitempty"` // of a request with its own key, of a CRL with the issuer asked for

	ThisUpdate string    `json:"thisUpdate,omitempty"`
	NextUpdate string    `json:"nextUpdate,omitempty"`
	Number     string    `json:"number,omitempty"` // decimal
	Revoked    []revoked `json:"revoked,omitempty"`
	Extensions []string  `json:"extensions,omitempty"` // object identifiers

	Blocks []block `json:"blocks,omitempty"`
}

// revoked is one entry of a CRL.
type revoked struct {
	Serial string `json:"serial"` // decimal
	At     string `json:"at"`
	Reason int    `json:"reason"`
}

// block is one of a PEM text.
type block struct {
	Label   string            `json:"label"`
	Headers map[string]string `json:"headers"`
	Bytes   string            `json:"bytes"` // hex
}

func parse(q request) parsed {
	bytes := der(q.DER)
	switch q.Parse {
	case "certificate":
		return parseCertificate(q.ID, bytes)
	case "request":
		return parseRequest(q.ID, bytes)
	case "key":
		return parseKey(q.ID, bytes)
	case "crl":
		return parseRevocationList(q, bytes)
	case "pem":
		return parsed{ID: q.ID, OK: true, Blocks: blocks(bytes)}
	default:
		return parsed{ID: q.ID, Error: "parse must be certificate, request, key, crl or pem"}
	}
}

// blocks asks as every reader of bundles does: until nothing more is found.
func blocks(text []byte) []block {
	found := []block{}
	for one, rest := pem.Decode(text); one != nil; one, rest = pem.Decode(rest) {
		found = append(found, block{Label: one.Type, Headers: one.Headers, Bytes: hex.EncodeToString(one.Bytes)})
	}
	return found
}

func parseCertificate(id string, bytes []byte) parsed {
	cert, err := x509.ParseCertificate(bytes)
	if err != nil {
		return parsed{ID: id, Error: err.Error()}
	}
	answer := parsed{
		ID: id, OK: true, Version: cert.Version,
		Subject: hex.EncodeToString(cert.RawSubject), Issuer: hex.EncodeToString(cert.RawIssuer),
		Serial:    cert.SerialNumber.String(),
		NotBefore: cert.NotBefore.Format(time.RFC3339), NotAfter: cert.NotAfter.Format(time.RFC3339),
		DNSNames: cert.DNSNames, IPs: texts(cert.IPAddresses), URIs: texts(cert.URIs), Emails: cert.EmailAddresses,
		KeyUsage: int(cert.KeyUsage), IsCA: cert.IsCA,
		SubjectKeyID: hex.EncodeToString(cert.SubjectKeyId), AuthorityKeyID: hex.EncodeToString(cert.AuthorityKeyId),
		SignatureAlgorithm: cert.SignatureAlgorithm.String(), PublicKeyAlgorithm: cert.PublicKeyAlgorithm.String(),
		SPKI: sha256Hex(cert.RawSubjectPublicKeyInfo),
	}
	if cert.MaxPathLen > 0 || cert.MaxPathLenZero {
		answer.MaxPathLen = &cert.MaxPathLen
	}
	for _, usage := range cert.ExtKeyUsage {
		answer.ExtKeyUsage = append(answer.ExtKeyUsage, usage.OID().String())
	}
	for _, oid := range cert.UnknownExtKeyUsage {
		answer.ExtKeyUsage = append(answer.ExtKeyUsage, oid.String())
	}
	_, answer.KeySize = keyKind(cert.PublicKey)
	return answer
}

func parseRequest(id string, bytes []byte) parsed {
	csr, err := x509.ParseCertificateRequest(bytes)
	if err != nil {
		return parsed{ID: id, Error: err.Error()}
	}
	_, size := keyKind(csr.PublicKey)
	answer := parsed{
		ID: id, OK: true, Version: csr.Version, Subject: hex.EncodeToString(csr.RawSubject),
		DNSNames: csr.DNSNames, IPs: texts(csr.IPAddresses), URIs: texts(csr.URIs), Emails: csr.EmailAddresses,
		SignatureAlgorithm: csr.SignatureAlgorithm.String(), PublicKeyAlgorithm: csr.PublicKeyAlgorithm.String(),
		KeySize: size, SPKI: sha256Hex(csr.RawSubjectPublicKeyInfo),
	}
	if err := csr.CheckSignature(); err != nil {
		answer.SignatureError = err.Error()
	}
	return answer
}

func parseRevocationList(q request, bytes []byte) parsed {
	list, err := x509.ParseRevocationList(bytes)
	if err != nil {
		return parsed{ID: q.ID, Error: err.Error()}
	}
	answer := parsed{
		ID: q.ID, OK: true, Issuer: hex.EncodeToString(list.RawIssuer),
		ThisUpdate: list.ThisUpdate.Format(time.RFC3339), AuthorityKeyID: hex.EncodeToString(list.AuthorityKeyId),
		SignatureAlgorithm: list.SignatureAlgorithm.String(),
	}
	if !list.NextUpdate.IsZero() {
		answer.NextUpdate = list.NextUpdate.Format(time.RFC3339)
	}
	if list.Number != nil {
		answer.Number = list.Number.String()
	}
	for _, entry := range list.RevokedCertificateEntries {
		answer.Revoked = append(answer.Revoked, revoked{
			entry.SerialNumber.String(), entry.RevocationTime.Format(time.RFC3339), entry.ReasonCode,
		})
	}
	for _, extension := range list.Extensions {
		answer.Extensions = append(answer.Extensions, extension.Id.String())
	}
	if q.Cert != "" {
		issuer, err := x509.ParseCertificate(der(q.Cert))
		if err == nil {
			err = list.CheckSignatureFrom(issuer)
		}
		if err != nil {
			answer.SignatureError = err.Error()
		}
	}
	return answer
}

// parseKey tries the encodings in the order of tls.X509KeyPair (crypto/tls/tls.go parsePrivateKey).
func parseKey(id string, bytes []byte) parsed {
	key, err := privateKey(bytes)
	if err != nil {
		return parsed{ID: id, Error: err.Error()}
	}
	public := key.Public()
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return parsed{ID: id, Error: err.Error()}
	}
	algorithm, size := keyKind(public)
	return parsed{ID: id, OK: true, PublicKeyAlgorithm: algorithm, KeySize: size, SPKI: sha256Hex(spki)}
}

func privateKey(bytes []byte) (crypto.Signer, error) {
	if key, err := x509.ParsePKCS1PrivateKey(bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS8PrivateKey(bytes); err == nil {
		if signer, ok := key.(crypto.Signer); ok {
			return signer, nil
		}
		return nil, errors.New("tls: found unknown private key type in PKCS#8 wrapping")
	}
	if key, err := x509.ParseECPrivateKey(bytes); err == nil {
		return key, nil
	}
	return nil, errors.New("tls: failed to parse private key")
}

// keyPair is the answer of tls.X509KeyPair, by which every Kubernetes component loads its files.
func keyPair(q request) parsed {
	if _, err := tls.X509KeyPair([]byte(q.Cert), []byte(q.Key)); err != nil {
		return parsed{ID: q.ID, Error: err.Error()}
	}
	return parsed{ID: q.ID, OK: true}
}

// keyKind names the algorithm as x509.PublicKeyAlgorithm does, and its size in bits.
func keyKind(public any) (string, int) {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", key.Curve.Params().BitSize
	case ed25519.PublicKey:
		return "Ed25519", 256
	default:
		return "", 0
	}
}

func sha256Hex(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

func texts[T fmt.Stringer](values []T) []string {
	all := make([]string, 0, len(values))
	for _, value := range values {
		all = append(all, value.String())
	}
	return all
}
