// oracle answers one JSON line for each JSON line on standard input, in the words of Go's own
// crypto/x509 and crypto/tls, and of kube-apiserver's authenticators. kubetls' rules are compared with it; it has no rules of its own.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"strings"
)

// request holds the fields of all questions; which one it is, is decided by what is set.
// Certificates, requests and keys are PEM (the first block counts) or base64 DER.
type request struct {
	ID string `json:"id"`

	Leaf          string   `json:"leaf"`
	Intermediates []string `json:"intermediates"`
	Roots         []string `json:"roots"`
	At            string   `json:"at"`
	Usage         string   `json:"usage"`
	Name          string   `json:"name"`

	Parse string `json:"parse"` // of a crl, cert may be the issuer whose signature it should be
	DER   string `json:"der"`

	Load string `json:"load"` // client-go, dynamic-ca, etcd, csr-signer: how der, a bundle, is loaded

	Cert string `json:"cert"`
	Key  string `json:"key"`

	Bench string `json:"bench"`
	Count int    `json:"count"`

	Authenticate *authenticating `json:"authenticate"`
	Handshake    *handshakes     `json:"handshake"`
	Listen       *listens        `json:"listen"`
	Heard        int             `json:"heard"` // a port: what its server said of the next who dialled it
}

func answer(q request) any {
	switch {
	case q.Bench != "":
		return bench(q)
	case q.Load != "":
		return load(q)
	case q.Authenticate != nil:
		return authenticate(q)
	case q.Handshake != nil:
		return handshake(q)
	case q.Listen != nil:
		return listen(q)
	case q.Heard != 0:
		return heard(q)
	case q.Parse != "":
		return parse(q)
	case q.Cert != "" || q.Key != "":
		return keyPair(q)
	default:
		return verify(q)
	}
}

// der takes PEM or base64. What is neither becomes no bytes, which every parser refuses in its own words.
func der(text string) []byte {
	if strings.Contains(text, "-----BEGIN") {
		if block, _ := pem.Decode([]byte(text)); block != nil {
			return block.Bytes
		}
		return nil
	}
	bytes, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil
	}
	return bytes
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20) // one line may carry a bundle of thousands of roots
	out := bufio.NewWriter(os.Stdout)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for lines.Scan() {
		var q request
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			encode.Encode(map[string]any{"ok": false, "stage": "question", "error": err.Error()})
		} else {
			encode.Encode(answer(q))
		}
		out.Flush()
	}
	if err := lines.Err(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}
