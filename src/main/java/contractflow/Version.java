package contractflow;

/** Which ContractFlow this is. */
final class Version {

    private Version() {}

    /** The version of the jar, or where else the classes come from. */
    static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "from its sources" : version;
    }
}
