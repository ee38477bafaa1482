package contractflow;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Tells a server whose certificate is not accepted from one that is away: waiting would not help. */
final class ServerTrust implements ExecChainHandler {

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (SSLException e) {
            Throwable verdict = verdict(e);
            if (verdict == null) {
                throw e;
            }
            throw new CredentialsRefused(
                    "the certificate of " + scope.route.getTargetHost().toHostString() + " is not accepted: "
                            + words(verdict)
                            + "; where a CA of your own has issued it, name that CA's file in tls.ca-file");
        }
    }

    /** What was found about the certificate itself; null where it is the connection that failed. */
    static Throwable verdict(Throwable failure) {
        Throwable date = ObjectHelper.getException(CertificateExpiredException.class, failure);
        if (date == null) {
            date = ObjectHelper.getException(CertificateNotYetValidException.class, failure);
        }
        if (date != null) {
            return date;
        }
        Throwable invalid = ObjectHelper.getException(CertPathValidatorException.class, failure);
        if (invalid == null) {
            invalid = ObjectHelper.getException(CertificateException.class, failure);
        }
        return invalid != null ? invalid : ObjectHelper.getException(SSLPeerUnverifiedException.class, failure);
    }

    /** In words, where the finding itself has a date alone. */
    static String words(Throwable verdict) {
        String said = WarehouseFault.oneLine(String.valueOf(verdict.getMessage())).replaceAll("[\\w.]+Exception: ", "");
        if (verdict instanceof CertificateExpiredException) {
            return "it has expired, " + said;
        }
        return verdict instanceof CertificateNotYetValidException ? "it is not valid yet, " + said : said;
    }
}
