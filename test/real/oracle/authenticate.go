package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"time"

	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/headerrequest"
	"k8s.io/apiserver/pkg/authentication/request/union"
	kubex509 "k8s.io/apiserver/pkg/authentication/request/x509"
)

// frontProxy is what --requestheader-client-ca-file and --requestheader-allowed-names say.
type frontProxy struct {
	Roots   []string `json:"roots"`
	Allowed []string `json:"allowed"`
}

// authenticating is one question: leaf, intermediates and roots stand beside it.
type authenticating struct {
	FrontProxy *frontProxy `json:"frontProxy"` // absent: there is none
}

type authenticated struct {
	ID     string   `json:"id"`
	OK     bool     `json:"ok"`
	Error  string   `json:"error"` // empty without ok: nobody has an opinion
	User   string   `json:"user"`
	Groups []string `json:"groups"`
}

// authenticate asks kube-apiserver's own authenticators, joined as authenticatorfactory/delegating.go joins
// them. It leaves out only what cannot be told the time: the CurrentTime of their options is the question's.
func authenticate(q request) authenticated {
	answer := authenticated{ID: q.ID, Groups: []string{}}
	chain, err := certificates(append([]string{q.Leaf}, q.Intermediates...))
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	at, err := time.Parse(time.RFC3339Nano, q.At)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	response, ok, err := authenticators(q, at).AuthenticateRequest(&http.Request{
		Header: http.Header{}, URL: &url.URL{}, TLS: &tls.ConnectionState{PeerCertificates: chain},
	})
	if err != nil {
		answer.Error = err.Error()
	}
	if ok {
		answer.OK, answer.User = true, response.User.GetName()
		answer.Groups = append(answer.Groups, response.User.GetGroups()...)
	}
	return answer
}

func authenticators(q request, at time.Time) authenticator.Request {
	verifier := func(roots []string) kubex509.VerifyOptionFunc {
		options := kubex509.DefaultVerifyOptions()
		options.Roots, options.CurrentTime = pool(roots), at
		return kubex509.StaticVerifierFn(options)
	}
	own := kubex509.NewDynamic(verifier(q.Roots), kubex509.CommonNameUserConversion)
	if q.Authenticate.FrontProxy == nil {
		return own
	}
	none := kubex509.StaticStringSlice{}
	proxy := headerrequest.NewDynamicVerifyOptionsSecure(
		verifier(q.Authenticate.FrontProxy.Roots), kubex509.StaticStringSlice(q.Authenticate.FrontProxy.Allowed),
		kubex509.StaticStringSlice{"X-Remote-User"}, none, none, none,
	)
	return union.New(proxy, own)
}

// certificates are read whole or not at all, as crypto/tls reads what a peer sends.
func certificates(texts []string) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for _, text := range texts {
		cert, err := x509.ParseCertificate(der(text))
		if err != nil {
			return nil, errors.New("tls: failed to parse client certificate: " + err.Error())
		}
		chain = append(chain, cert)
	}
	return chain, nil
}

// pool passes over what does not parse, as CertPool.AppendCertsFromPEM does.
func pool(roots []string) *x509.CertPool {
	all := x509.NewCertPool()
	for _, text := range roots {
		if cert, err := x509.ParseCertificate(der(text)); err == nil {
			all.AddCert(cert)
		}
	}
	return all
}
