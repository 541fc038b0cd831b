namespace A
{
    class Shape
    {
        int sides;

        int Area
        {
            get { return 1; }
            set { sides = value; }
        }

        void Run(int a)
        {
            if (a > 0)
            {
                Step();
            }
            else
            {
                Stop();
            }
            while (a > 1) { Step(); }
            switch (a)
            {
                case 1:
                    Step();
                    break;
                default:
                    return;
            }
            lock (this) { Step(); }
        }
    }
}
