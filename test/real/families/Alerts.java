import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Dials servers on loopback and waits for a byte. One line for each comes in a file: port, name, root, certificate
 * and key (base64 DER; no root: everybody is trusted; no certificate: none is shown). One line goes out: `ok` or
 * what the exception says.
 */
public class Alerts {
  public static void main(String[] arguments) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8);
    for (String line : lines) {
      String[] words = line.split("\t", -1);
      System.out.println(says(Integer.parseInt(words[0]), words[1], words[2], words[3], words[4]));
    }
  }

  static String says(int port, String name, String root, String certificate, String key) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore shown = KeyStore.getInstance("PKCS12");
    shown.load(null, null);
    if (!certificate.isEmpty())
      shown.setKeyEntry("shown", read(key), new char[0], new Certificate[] {parse(certificate)});
    keys.init(shown, new char[0]);
    context.init(keys.getKeyManagers(), trusting(root), null);
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(20_000);
      plain.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
      SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
      if (!root.isEmpty()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      socket.getInputStream().read();
      return "ok";
    } catch (Exception error) {
      return error.getMessage();
    }
  }

  static TrustManager[] trusting(String root) throws Exception {
    if (root.isEmpty()) return new TrustManager[] {new Everybody()};
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", parse(root));
    TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(store);
    return managers.getTrustManagers();
  }

  static Certificate parse(String base64) throws Exception {
    byte[] der = Base64.getDecoder().decode(base64);
    return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  static PrivateKey read(String base64) throws Exception {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  static class Everybody implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
