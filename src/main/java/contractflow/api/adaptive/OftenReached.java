package contractflow.api.adaptive;

/** The highest number that was reached or exceeded three times: once or twice may be chance, such as an answer on its way back. */
final class OftenReached {

    /** The three highest, in ascending order. */
    private int first;

    private int second;
    private int third;

    void add(int number) {
        if (number > third) {
            first = second;
            second = third;
            third = number;
        } else if (number > second) {
            first = second;
            second = number;
        } else if (number > first) {
            first = number;
        }
    }

    /** 0 where there were fewer than three. */
    int get() {
        return first;
    }

    void clear() {
        first = 0;
        second = 0;
        third = 0;
    }
}
