package dev.headgate.core.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes trust managers. Stateless. */
final class Trust {
  private static final X509Certificate[] NONE = {};

  private Trust() {}

  /** Trusts what these authorities signed; one that is there by itself is trusted itself. */
  static TrustManager[] in(List<X509Certificate> authorities) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new KeyStoreException(e);
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Trusts nobody: for listeners that ask for no certificate. */
  static TrustManager[] nobody() {
    return new TrustManager[] {new Constant(false)};
  }

  /** Trusts everybody. */
  static TrustManager[] anybody() {
    return new TrustManager[] {new Constant(true)};
  }

  /** Decides without looking; an extended one, lest the JDK adds checks of its own. */
  private static final class Constant extends X509ExtendedTrustManager {
    private final boolean trusts;

    Constant(boolean trusts) {
      this.trusts = trusts;
    }

    private void check() throws CertificateException {
      if (!trusts) throw new CertificateException("no certificate is trusted here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return NONE;
    }
  }
}
