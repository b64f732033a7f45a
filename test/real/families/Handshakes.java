import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Dials servers on loopback as Java's HTTPS client does. One line for each comes in a file: port, name, and a
 * file of PEM roots; one line goes out: `ok` or what the handshake's exception says.
 */
public class Handshakes {
  public static void main(String[] arguments) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8);
    for (String line : lines) {
      String[] words = line.split("\t");
      System.out.println(says(Integer.parseInt(words[0]), words[1], Path.of(words[2])).replace("\n", "\\n"));
    }
  }

  static String says(int port, String name, Path roots) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    byte[] pem = Files.readAllBytes(roots);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Certificate root : factory.generateCertificates(new ByteArrayInputStream(pem)))
        store.setCertificateEntry("root" + count++, root);
    } catch (Exception error) {
      return "not asked: " + error.getMessage();
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(60_000);
      plain.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
      SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return "ok";
    } catch (Exception error) {
      return error.getMessage();
    }
  }
}
