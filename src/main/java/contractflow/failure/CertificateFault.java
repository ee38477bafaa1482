package contractflow.failure;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.util.ObjectHelper;

/** What a failed connection says of the server's certificate. */
public final class CertificateFault {

    private CertificateFault() {}

    /** What was found about the certificate itself; null where it is the connection that failed. */
    public static Throwable verdict(Throwable failure) {
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
    public static String words(Throwable verdict) {
        String said =
                WarehouseFault.oneLine(String.valueOf(verdict.getMessage())).replaceAll("[\\w.]+Exception: ", "");
        if (verdict instanceof CertificateExpiredException) {
            return "it has expired, " + said;
        }
        return verdict instanceof CertificateNotYetValidException ? "it is not valid yet, " + said : said;
    }
}
