package contractflow.run.chunk;

/** The same in chunks. */
class OneChunkAtATimeTest extends OneAtATimeTest {

    @Override
    String perCall() {
        return "5";
    }
}
