package contractflow;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
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
                            + WarehouseFault.message(verdict)
                            + "; where a CA of your own has issued it, name that CA's file in tls.ca-file");
        }
    }

    /** What was found about the certificate itself; null where it is the connection that failed. */
    private static Throwable verdict(SSLException failure) {
        Throwable invalid = ObjectHelper.getException(CertPathValidatorException.class, failure);
        if (invalid == null) {
            invalid = ObjectHelper.getException(CertificateException.class, failure);
        }
        return invalid != null ? invalid : ObjectHelper.getException(SSLPeerUnverifiedException.class, failure);
    }
}
