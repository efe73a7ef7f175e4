namespace Orders.Application.Seeding;

/// <summary>Seeding was refused or failed. The message is a sentence for the person who asked for it, fit to be shown as it is.</summary>
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
