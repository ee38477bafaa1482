package contractflow.api.http;

import contractflow.failure.CertificateFault;
import contractflow.failure.api.Unauthorized;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Distinguishes a server whose certificate is not accepted from one that is unavailable: waiting would not help. */
final class ServerTrust implements ExecChainHandler {

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (SSLException e) {
            Throwable verdict = CertificateFault.verdict(e);
            if (verdict == null) {
                throw e;
            }
            throw new Unauthorized(
                    "the certificate of " + scope.route.getTargetHost().toHostString() + " is not accepted: "
                            + CertificateFault.words(verdict)
                            + "; where a CA of your own has issued it, name that CA's file in tls.ca-file");
        }
    }
}
