package hearth.nmodule.net;

/// All of the reactor's tests once more, with calls that are answered on its own thread.
class ReactorAtHandTest extends ReactorTest {
    @Override
    boolean atHand() {
        return true;
    }
}
