namespace Orders.Application;

/// <summary>The program can't start or continue. The message is a sentence that says what to set or do.</summary>
public sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
