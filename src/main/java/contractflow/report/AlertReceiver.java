package contractflow.report;

import contractflow.config.Secret;

/** Where alerts go. The address may hold a secret, so it is in no route and no message. */
public final class AlertReceiver {

    private String setting;
    private String url = "";
    private String file = "";

    /**
     * @param setting that has its address
     */
    public void setSetting(String setting) {
        this.setting = setting;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    /**
     * @param file that has the address instead
     */
    public void setFile(String file) {
        this.file = file;
    }

    /** Whether there is one. */
    public boolean isSet() {
        return !url().isEmpty();
    }

    /** Its address; empty where there is none. */
    public String url() {
        return Secret.read(setting, url, file).strip();
    }
}
