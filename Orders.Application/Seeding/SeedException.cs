namespace Orders.Application.Seeding;

/// <summary>Seeding was refused or failed. The message is a sentence that can be shown to the user unchanged.</summary>
public sealed class SeedException : Exception
{
    public SeedException(string message)
        : base(message)
    {
    }

    public SeedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
