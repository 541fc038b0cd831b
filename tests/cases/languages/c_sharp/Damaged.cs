namespace A
{
    class Known
    {
        int before;

        void Unfinished(int a
        {
            a.

        int After(int b) { return b; }
    }

    class Last
    {
        void Works() { }
