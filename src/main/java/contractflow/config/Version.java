package contractflow.config;

/** Which ContractFlow this is. */
public final class Version {

    private Version() {}

    /** The version of the jar, or where else the classes come from. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "from its sources" : version;
    }
}
