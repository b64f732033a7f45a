package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Files are read each time, as they are at that moment. What they say is remembered by what is in them.
var kubeconfigs, pairs, pools sync.Map

func remembered[T any](memory *sync.Map, content string, understand func() (T, error)) (T, error) {
	if known, ok := memory.Load(content); ok {
		return known.(T), nil
	}
	made, err := understand()
	if err == nil {
		memory.Store(content, made)
	}
	return made, err
}

// shows is nil for who shows nothing.
func (e edge) shows() (*tls.Certificate, error) {
	cert, key, err := e.shownFiles()
	if err != nil || len(cert) == 0 {
		return nil, err
	}
	return remembered(&pairs, string(cert)+string(key), func() (*tls.Certificate, error) {
		pair, err := tls.X509KeyPair(cert, key)
		return &pair, err
	})
}

func (e edge) shownFiles() (cert, key []byte, err error) {
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

// anchors is nil for who trusts everybody.
func (e edge) anchors() (*x509.CertPool, error) {
	file, text, err := e.anchorsFile()
	if err != nil || file == "" {
		return nil, err
	}
	return remembered(&pools, string(text), func() (*x509.CertPool, error) {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("no anchors in %s", file)
		}
		return pool, nil
	})
}

func (e edge) anchorsFile() (file string, text []byte, err error) {
	file = e.Trusts.CA
	if e.Trusts.Kubeconfig != "" {
		config, err := kubeconfig(e.Trusts.Kubeconfig)
		if err != nil {
			return "", nil, err
		}
		cluster := config.Clusters[config.Contexts[config.CurrentContext].Cluster]
		if cluster.CertificateAuthority == "" {
			return e.Trusts.Kubeconfig, cluster.CertificateAuthorityData, nil
		}
		file = beside(e.Trusts.Kubeconfig, cluster.CertificateAuthority)
	}
	if file != "" {
		text, err = os.ReadFile(file)
	}
	return file, text, err
}

func kubeconfig(file string) (*api.Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return remembered(&kubeconfigs, string(text), func() (*api.Config, error) {
		config, err := clientcmd.Load(text)
		if err == nil && config.Contexts[config.CurrentContext] == nil {
			err = fmt.Errorf("%s has no current context", file)
		}
		return config, err
	})
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
		err = fmt.Errorf("%s holds no certificate", cert)
	}
	return certificate, private, err
}
